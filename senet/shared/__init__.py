"""Tools without a marketing word: clock, ids, signed tokens, SQL files, paging, name servers, the base error.

Every other room may import from here; this room imports from none.
"""
