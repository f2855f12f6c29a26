"""Brings templates along from the replaced product: its handlebars-like expressions become Liquid, with a report.

In: a template's text, and what fields there are here. Out: the text with everything that could be translated, and a
finding for every piece that could not (it is left as it stands, so that the go-live check stops it) or that deserves a
look. Source: product facts 3.4.
"""
