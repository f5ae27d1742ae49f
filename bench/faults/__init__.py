"""Trials of what may go wrong: real server processes, real databases, real kills. `make faults` runs them all.

Each trial compares what was acknowledged with what is counted afterwards. Never run by CI; the table is printed, and
written into `docs/reliability.md` when asked for.
"""
