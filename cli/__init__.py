"""The door for operators: one file per group of commands; the only reader of the environment."""
