"""One file an insights page: the blocks that it shows, as queries."""
