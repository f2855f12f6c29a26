"""What the world's name servers say about a domain that mails come from: SPF, DKIM and DMARC.

In: a domain. Out: findings for the check. Ports: `resolver.TextResolver` asks the world, `sending.SendingDomains` the
room that sends. Source: RFC 7208, 6376, 7489, and the rules of large mailbox providers for senders of bulk mail.
"""
