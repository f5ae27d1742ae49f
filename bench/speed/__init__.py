"""How fast the service is beside a bare application, and whether it stays so: `make bench`, `make bench-full`.

Service and bare application stand side by side on the same kind of server with as many workers, and take short
turns under load; what counts is the ratio within a turn, for times differ from machine to machine and from hour to
hour. Never run by CI.
"""
