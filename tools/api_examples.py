"""Asks the API for each documented example on the demo year and writes the answers into the document.

Run it on a database with the demo year after a change of shapes: `.venv/bin/python tools/api_examples.py`. Long lists
and texts are cut: an example shows the shape. It must not invent anything.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "ideas_app" / "api" / "examples.json"
ITEMS, SIGNS = 2, 160
ASKER = "youth@example.org"


def cut(value: Any) -> Any:
    """A value with its lists and texts shortened."""
    if isinstance(value, dict):
        return {name: cut(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [cut(inner) for inner in value[:ITEMS]]
    if isinstance(value, str) and len(value) > SIGNS and not value.startswith("http"):
        return value[:SIGNS] + "…"
    return value


def main() -> int:
    """Writes the answers; 1 where an example does not work."""
    sys.path.insert(0, str(ROOT))
    from ideas_app.accounts import queries, service
    from ideas_app.api.operation import OPERATIONS, address_of
    from ideas_app.core.actor import SYSTEM
    from ideas_app.core.db import transaction
    from ideas_app.core.permissions import Scope
    from ideas_app.factory import build_app
    from ideas_app.web.limits import limiter

    app = build_app()
    limiter.enabled = False
    found: dict[str, Any] = {}
    with app.app_context(), transaction():
        account = queries.get_by_email(ASKER)
        wanted = [Scope.READ, Scope.WRITE]
        _made, token = service.create_token(SYSTEM, account, name="example", scopes=wanted, days=1)
    for name, operation in sorted(OPERATIONS.items()):
        if operation.is_act:
            continue
        headers = {"Accept-Language": "ko"}
        if operation.access != "public":
            headers["Authorization"] = f"Bearer {token}"
        answer = app.test_client().get(address_of(operation), headers=headers)
        if answer.status_code != operation.status:
            sys.stderr.write(f"{name}: {answer.status_code} {answer.text[:200]}\n")
            return 1
        found[name] = cut(answer.json if answer.is_json else answer.text)
    TARGET.write_text(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
