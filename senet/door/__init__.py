"""TODO sign at the door."""
