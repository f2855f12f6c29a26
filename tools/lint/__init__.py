"""Review remarks made twice, as rules. Each has a passing and a failing example in `tests/unit/tools`."""
