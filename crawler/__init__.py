"""The door in: one spider that reads watched places as their source files say, and never in another way."""
