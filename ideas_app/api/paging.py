"""Pages of lists: `{"items": [...], "next": cursor|null}`. A cursor names the last entry seen, so nothing that is
written meanwhile moves what comes next.

What no list here gave out is refused, unlike on pages, where a spoilt cursor only starts the list anew: a program
that went on reading would never know. Must not know what is paged.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from flask import current_app

from ideas_app.api.fields import fault_of
from ideas_app.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ideas_app.core.paging import Page

_SIGNED = 16


def give_out(cursor: str | None, *, of: str) -> str | None:
    """A cursor as it goes out: what the query made, with a seal of the list it belongs to."""
    return f"{cursor}.{_seal(cursor, of)}" if cursor else None


def take_in(cursor: str | None, *, of: str) -> str | None:
    """What the query made. Raises `Invalid` unless this list gave it out."""
    if not cursor:
        return None
    inner, _dot, seal = cursor.rpartition(".")
    if not inner or not hmac.compare_digest(seal.encode(), _seal(inner, of).encode()):
        raise Invalid(fault_of("cursor", "cursor"))
    return inner


def page(found: Page[Any], shape: Callable[[Any], Any], *, of: str) -> dict[str, Any]:
    """A page as it goes out, each entry in its shape."""
    return {"items": [shape(each) for each in found], "next": give_out(found.next, of=of)}


def list_name(operation: str, query: Mapping[str, Any]) -> str:
    """The name of one list: the operation and what was asked of it. A cursor of another is refused."""
    asked = sorted((name, str(value)) for name, value in query.items() if name not in _OF_PAGE)
    return repr((operation, asked))


_OF_PAGE = frozenset({"cursor", "limit"})


def _seal(cursor: str, of: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"cursor:{of}:{cursor}".encode(), hashlib.sha256).hexdigest()[:_SIGNED]
