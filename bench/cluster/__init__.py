"""Two application hosts behind nginx, PostgreSQL with a replica, Redis and PgBouncer, on one machine. `make cluster`.

Each host stands in a network namespace of its own, so that it can be cut off; without root in an address of loopback.
Hosts, links and databases are taken away under load, and what was promised is compared with what is counted.
"""
