"""The JSON face of the services: the same verbs, rules and reasons as the pages, for programs.

Must not know HTML, nor hold a rule of its own.
"""
