"""A bulk SMTP client: pipelined transactions (RFC 2920) over warm connections, none of which blocks.

`address` reads the settings, `replies` the server's words, `session` opens a connection, `transaction` writes commands,
`connection` runs one connection, `client` a pool of them behind the port `MailClient`.
"""
