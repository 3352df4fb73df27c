"""The door for operators: one file per group of commands; the only reader of the environment."""

import gc
import os

# Set before numpy is imported, here and in the crawls that are started from here: the judge multiplies small tables, for
# which a thread on each processor costs more than it brings, and other crawls want those processors.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# The garbage collector looks every 50,000 objects, not every 700: start-ups make a hundred thousand that stay, verdicts
# are many and hold no cycles. A tenth of a start-up went to looking.
gc.set_threshold(50_000, *gc.get_threshold()[1:])
