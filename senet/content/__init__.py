"""Emails and content settings: from what an author writes to the bytes that leave for one person.

In: an author's header fields, HTML or MJML with Liquid, content settings. Out: published versions
(`CompiledEmail`), their links, problems found by the go-live check, previews, and, through `render.Renderer`, ready
MIME messages. Tables: content_settings, email, email_version, email_link. Process: the app compiles; every sender
renders.
"""
