"""Who asks, and whether their token lets this program ask for that.

Access is declared as on pages (`@public`, `@signed_in`, `@requires`); a token adds what its owner lets the program
do. A token that opens nothing is refused everywhere, public reads included: whoever sends one wants to be
somebody. Must not know any operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from ideas_app.core.errors import Refused
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.web.access import current_actor
from ideas_app.web.bearer import current_grant
from ideas_app.web.problems import TOKEN_INVALID

if TYPE_CHECKING:
    from ideas_app.core.permissions import Scope


def check_token() -> None:
    """Raises `Refused` (401) for an `Authorization` that opens nothing."""
    if not current_actor().is_signed_in and "Authorization" in request.headers:
        raise TOKEN_INVALID


def check_scope(scope: Scope) -> None:
    """Raises `Refused` (403) where the token does not let the program do this. Visitors have no token."""
    grant = current_grant()
    if grant is not None and scope not in grant.scopes:
        message = _l(
            "This token does not allow it: its owner gave it no scope %(scope)s.", scope=scope
        )
        raise Refused("scope_missing", message)
