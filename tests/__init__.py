"""The tests of the service.

What Python compiles for them is kept: where `PYTHONDONTWRITEBYTECODE` is set, each worker would rewrite the asserts
of all files at each start, and each process that a test starts would compile the whole service.
"""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
