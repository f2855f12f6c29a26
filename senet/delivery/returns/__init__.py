"""What comes back: mails that say that another mail did not arrive, or that its recipient calls it spam.

In: mails, from a listener (`listener`, SMTP or LMTP) or a mailbox (`imap`). `paths` tells which message a mail is
about, `reading` what it says (`dsn`: RFC 3464; `arf`: RFC 5965; `autoreplies`), `receiving` writes it down, once,
before the mail is acknowledged. What nobody can read is kept aside with its reason. Nothing here ever answers a mail.
Tables: returned_mail. Process: bounces.
"""
