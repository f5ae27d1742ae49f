"""Asks the API for each documented example on the demo year and writes the answers into the document.

Run it after a change of shapes, on a database of its own with the demo year: `.venv/bin/python tools/api_examples.py`.
It reads first and acts then, so the database is no longer the demo year afterwards. Long lists and texts are cut: an
example shows the shape. It must not invent anything.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "ideas_app" / "api" / "examples.json"
ITEMS, SIGNS = 2, 160
YOUTH, MODERATOR, OFFICIAL = (f"{name}@example.org" for name in ("youth", "moderator", "official"))
ACTS = {
    "submit_idea": YOUTH,
    "change_idea": YOUTH,
    "take_idea_back": YOUTH,
    "give_support": YOUTH,
    "take_support_back": YOUTH,
    "follow_idea": YOUTH,
    "unfollow_idea": YOUTH,
    "flag_idea": YOUTH,
    "write_comment": YOUTH,
    "change_comment": YOUTH,
    "delete_comment": YOUTH,
    "flag_comment": YOUTH,
    "decide": MODERATOR,
    "form_family": MODERATOR,
    "split_family": MODERATOR,
    "ask_shortlist": MODERATOR,
    "answer_idea": OFFICIAL,
}
"""Acts in an order in which each finds what the one before it made, and who asks. A ballot cannot be cast in the
demo year, which votes in January.
"""


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
    tokens: dict[str, str] = {}
    with app.app_context(), transaction():
        for email in (YOUTH, MODERATOR, OFFICIAL):
            account = queries.get_by_email(email)
            wanted = [Scope.READ, Scope.WRITE] + [Scope.STAFF] * (email != YOUTH)
            tokens[email] = service.create_token(
                SYSTEM, account, name="example", scopes=wanted, days=1
            )[1]
    found: dict[str, Any] = {}
    reads = [name for name, operation in sorted(OPERATIONS.items()) if not operation.is_act]
    for name in [*reads, *ACTS]:
        operation = OPERATIONS[name]
        headers = {"Accept-Language": "ko"}
        if operation.access != "public":
            headers["Authorization"] = f"Bearer {tokens[ACTS.get(name, YOUTH)]}"
        answer = app.test_client().open(
            address_of(operation),
            method=operation.method,
            headers=headers,
            json=operation.example.body,
        )
        if answer.status_code != operation.status:
            sys.stderr.write(f"{name}: {answer.status_code} {answer.text[:200]}\n")
            return 1
        found[name] = cut(answer.json if answer.is_json else answer.text)
    TARGET.write_text(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
