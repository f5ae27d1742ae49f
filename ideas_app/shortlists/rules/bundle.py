"""Joins the core into one Python file that citizens can download and run: the verifier.

Must not change what the core does: it only drops the imports between its modules and writes the
rest one after the other, after what Python 3.9 and 3.10 lack of what the core uses.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

PACKAGE = "ideas_app.shortlists.rules"
MODULES = (
    "errors",
    "pabulib",
    "ballots",
    "results",
    "electorate",
    "points",
    "phragmen",
    "equal_shares",
    "election",
    "auditing",
    "recount",
    "verifier",
)
"""In an order in which each module needs only those before it."""

HEADER = '''#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts a published ballot file again, on any Python from 3.9, without anything else.

    python recount.py ballots.pb [--digest SHA256] [--seats K] [--rule RULE] [--json] [--lang en]

공개된 투표 파일을 다시 셉니다. 파이썬 3.9 이상만 있으면 됩니다.
파일 지문, 선정된 순서, 라운드마다의 값을 출력하고, 파일이 바뀌었으면 알려 줍니다.
"""
'''
OLDER = '''

# ---- what Python 3.9 and 3.10 lack ----

if sys.version_info < (3, 11):

    class StrEnum(str, enum.Enum):
        """As in Python 3.11: an enumeration whose members are texts."""

        __str__ = str.__str__
        __format__ = str.__format__

else:
    from enum import StrEnum

if sys.version_info < (3, 10):

    def dataclass(**options):
        """As in Python 3.10, but without slots: they only save memory."""
        options.pop("slots", None)
        return dataclasses.dataclass(**options)

    def zip(*iterables, strict=False):
        """As in Python 3.10, but unequal lengths are not noticed: they cannot occur."""
        return builtins.zip(*iterables)

else:
    from dataclasses import dataclass
'''
"""`slots` and `strict` came with Python 3.10, `StrEnum` with 3.11."""
REPLACED = {("enum", "StrEnum"), ("dataclasses", "dataclass")}
FOOTER = '\nif __name__ == "__main__":\n    raise SystemExit(verify())\n'


@cache
def verifier_source() -> str:
    """The verifier as one script: standard library only, the same core as the service."""
    imports: dict[str, set[str]] = {"builtins": set(), "sys": set()}
    parts: list[str] = []
    for name in MODULES:
        source = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
        parts.append(_take_body(name, source, imports))
    for module, name in REPLACED:
        imports[module].discard(name)
    lines = [f"import {module}" for module, names in sorted(imports.items()) if not names]
    lines += [f"import {module}" for module, _ in sorted(REPLACED) if imports[module]]
    lines += [
        f"from {module} import {', '.join(sorted(names))}"
        for module, names in sorted(imports.items())
        if names
    ]
    head = "\n".join([HEADER, "from __future__ import annotations", "", *lines, ""])
    return head + OLDER + "".join(parts) + FOOTER


def _take_body(name: str, source: str, imports: dict[str, set[str]]) -> str:
    """The module without its docstring and imports; what it needs of Python goes to `imports`.

    An outside module is either imported whole or by names everywhere, never both.
    """
    dropped: set[int] = set()
    tree = ast.parse(source)
    for place, node in enumerate(tree.body):
        is_docstring = place == 0 and isinstance(node, ast.Expr)
        if is_docstring or _is_import(node):
            dropped.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        if isinstance(node, ast.Import):
            for alias in node.names:
                imports.setdefault(alias.name, set())
        elif isinstance(node, ast.ImportFrom) and node.module and _is_outside(node.module):
            imports.setdefault(node.module, set()).update(alias.name for alias in node.names)
    kept = [text for line, text in enumerate(source.split("\n"), start=1) if line not in dropped]
    return f"\n\n# ---- {name} ----\n\n" + "\n".join(kept).strip() + "\n"


def _is_import(node: ast.stmt) -> bool:
    is_for_types = (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )
    return is_for_types or isinstance(node, (ast.Import, ast.ImportFrom))


def _is_outside(module: str) -> bool:
    return module != "__future__" and not module.startswith(PACKAGE)
