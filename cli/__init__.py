"""The door for operators: one file per group of commands; the only reader of the environment."""

import os

# Set before numpy is imported, here and in the crawls that are started from here: the judge multiplies small tables, for
# which a thread on each processor costs more than it brings, and other crawls want those processors.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
