"""Pure decisions about rosters: reading what officials type, and matching it with what is known.

Knows no database, clock or request; every function is given its dates and its secret.
"""
