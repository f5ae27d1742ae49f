"""Templates compiled once for each language, with all that is known beforehand already decided.

Whoever writes templates need not know of it: `_()`, `asset()`, `url_for()`, macros and includes are written and read
as ever. What it does, and what it brought, stands in docs/performance.md. Must not know any feature.

    layouts   a page and the layouts that it extends become one file
    folding   what gives the same on every request becomes a constant: texts, addresses of files and pages
    inlining  includes and macros are written into the place where they are used
    tidying   what is left over goes: imports, second looks at names, statements around mere words
    writing   fewer and plainer lines of Python for the same text
    trees     what all of them ask of a template's tree
"""

from ideas_app.web.compiling.environment import KeptOnDisk, SpokenEnvironment

__all__ = ["KeptOnDisk", "SpokenEnvironment"]
