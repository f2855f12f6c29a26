"""The invariants of the audit, by what they are about."""
