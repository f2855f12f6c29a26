"""Emails and what they are made of: from what an author writes to the bytes that leave for one person.

In: an author's header fields, HTML or MJML with Liquid, templates and blocks, content settings, calendar events, files.
Out: published versions (`CompiledEmail`), their links, problems found by the go-live check, previews, samples, and,
through `render.Renderer` and `cards.CardLoader`, ready MIME messages. Tables: content_settings, email, email_version,
email_link, ab_test, ab_variant, email_template, content_block, content_label, calendar_event, asset, asset_piece.
Process: the app compiles; every sender renders; the door serves assets, events and web views.
"""
