"""Liquid as authors of emails may use it: an allow-list of tags and filters, budgets, analysis, compilation.

In: template text by colleagues, values about one person. Out: problems with their place, or text. A person's data
is only ever a value here, never a template; values are plain dicts and scalars, so no attribute is reached.
"""
