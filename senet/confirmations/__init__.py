"""Double opt-in: what people have asked for and must confirm by a link in a mail before it holds.

In: asks from the subscription centre and the API, answers from the door's page. Out: a message of the outbox for each
ask (queued by the worker), what it asks for (to the senders), and, when it is confirmed, the list joined or the consent
raised, with its interactions, in one transaction. Tables: confirmation_settings, confirmation_request. Processes: app
(API), door (asks and answers), worker (queues mails), sender (reads what a mail asks).
"""
