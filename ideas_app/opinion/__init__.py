"""The opinion map: where people stand to one another by what they said of ideas, and which groups show.

Must not know rounds or answers, and never keeps what could tell who said what.
"""

import os

# Before numpy is loaded: on one thread sums come in one order on every machine, and a busy machine is
# not made slower by threads that wait for one another. An operator's own choice stands.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
