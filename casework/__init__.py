"""The work itself, one file per job: the only place where tools meet."""
