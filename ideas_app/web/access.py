"""Who may call a view: every view carries exactly one of `@public`, `@signed_in`, `@requires(...)`.

A test walks the URL map and refuses a view without one. Must not know any feature's rules: what depends on
the thing, the phase or the time is the service's question to its policy.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import g, has_request_context
from flask_login import current_user

from ideas_app.core.actor import VISITOR, Actor
from ideas_app.core.errors import Refused
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import has

if TYPE_CHECKING:
    from collections.abc import Callable

    from ideas_app.core.permissions import Permission

View = TypeVar("View", bound="Callable[..., Any]")


def current_actor() -> Actor:
    """Who asks: the person signed in to this browser, or the visitor."""
    if not has_request_context():
        return VISITOR
    user = g.get("_login_user")  # what Flask-Login found: a page asks a dozen times
    return cast("Actor", getattr(current_user if user is None else user, "actor", VISITOR))


def public(view: View) -> View:
    """Everybody may call this view."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def by_token(view: View) -> View:
    """Lets a POST through without a form's token: the signed token in the view's address is the whole right,
    and who is signed in plays no part. For the one-click button of mail programs.
    """
    view.by_token = True  # type: ignore[attr-defined]
    return view


def by_bearer(view: View) -> View:
    """Lets a program act without a form's token: cookies are not read where its own token is the way in."""
    view.by_bearer = True  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Only people who have signed in may call this view; others are led to the log-in."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        require_sign_in(current_actor())
        return view(*args, **kwargs)

    guarded.access = "signed_in"  # type: ignore[attr-defined]
    return cast("View", guarded)


def requires(permission: Permission) -> Callable[[View], View]:
    """Only people whose role carries the permission may call this view."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = current_actor()
            require_sign_in(actor)
            if not actor.has(permission):
                if has(actor.role, permission):
                    require_second_factor(actor)
                raise Refused("not_permitted", _l("Your account is not allowed to do this."))
            return view(*args, **kwargs)

        guarded.access = permission.value  # type: ignore[attr-defined]
        return cast("View", guarded)

    return decorate


def confirmed(view: View) -> View:
    """Only people who showed a moment ago who they are may call this view; others are asked, and come back.

    Stands below `@requires` or `@signed_in`.
    """

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        require_confirmed(current_actor())
        return view(*args, **kwargs)

    return cast("View", guarded)


def require_confirmed(actor: Actor) -> None:
    """Raises `Refused` that leads to the page on which one shows once more who one is."""
    if not actor.is_confirmed:
        message = _l("Before this step, please show once more that it is you.")
        raise Refused("confirm_first", message, door="accounts.confirm")


def require_second_factor(actor: Actor) -> None:
    """Raises `Refused` that leads to the second factor, which this person still owes."""
    if actor.is_held:
        message = _l("The pages of the desk open with a second factor.")
        raise Refused("second_factor", message, door="accounts.second_factor")


def require_sign_in(actor: Actor) -> None:
    """Raises `Refused` that leads to the log-in unless the actor is signed in."""
    if not actor.is_signed_in:
        raise Refused("sign_in", _l("Please sign in first."), sign_in=True)
