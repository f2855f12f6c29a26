"""The asset library: images and files that emails show and link to.

In: uploads. Out: assets at public addresses of the door, whose content never changes. Kept in PostgreSQL, in pieces, so
that every process and host has them and a backup holds them. Tables: asset, asset_piece.
"""
