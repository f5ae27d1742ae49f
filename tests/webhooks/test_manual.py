"""The receiver's code in the operators' guide does what it says."""

from __future__ import annotations

import re

from config import ROOT
from ideas_app.webhooks import rules


def test_the_code_of_the_manual_knows_genuine_messages() -> None:
    text = (ROOT / "docs" / "operators.md").read_text()
    (code,) = re.findall(r"```python\n(.+?)```", text, re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    is_genuine = names["is_genuine"]
    assert callable(is_genuine)
    secret, old = rules.secret_from(b"n" * 32), rules.secret_from(b"o" * 32)
    headers = rules.headers_of([secret, old], "msg_1", 1_000, b"{}")
    got = {name.lower(): value for name, value in headers.items()}
    assert is_genuine(secret, got, b"{}", now=1_100)
    assert is_genuine(old, got, b"{}", now=1_100)
    assert not is_genuine(secret, got, b"{ }", now=1_100)
    assert not is_genuine(secret, got, b"{}", now=1_400)
