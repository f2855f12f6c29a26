"""No model: this room's tables are written by SQL alone."""
