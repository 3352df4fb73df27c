"""A command a file: its words for the operator. The work stands in the modules that they call."""
