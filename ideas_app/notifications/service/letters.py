"""Writing the mails of notices: what stands in them, where they lead, how they are stopped.

Must not send them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.core import tokens
from ideas_app.notifications.rules import (
    KINDS,
    Group,
    group_of,
    line_of,
    place_of,
    why_of,
)
from ideas_app.web.email import compose, link

if TYPE_CHECKING:
    from ideas_app.accounts.models import Account
    from ideas_app.adapters.mail import Mail
    from ideas_app.notifications.models import Notice
    from ideas_app.notifications.queries import Work
    from ideas_app.notifications.rules import Digest

_PRIVATE = frozenset({Group.OWN, Group.DUTY})
"""Groups whose pages may not be public: their mails lead through the log-in to the place."""


def stop_address(account_id: int, topic: str) -> str:
    """The signed address at which mails of a topic stop, without a log-in."""
    return link("notifications.stop", token=tokens.sign("stop-mails", [account_id, topic]))


def address_of(notice: Notice) -> str:
    """Where a notice leads from a mail: the public page, or through the log-in to what is not public."""
    place = place_of(notice.kind, notice.idea_id, notice.values)
    if place is None or group_of(notice.kind) in _PRIVATE:
        return link("notifications.visit", notice_id=notice.id)
    anchor = f"#{place.anchor}" if place.anchor else ""
    return link(place.endpoint, **place.values) + anchor


def write_notice(account: Account, notice: Notice) -> Mail:
    """The mail of one notice."""
    return _compose(
        "notice",
        account,
        group_of(notice.kind).value,
        # with its instant: SQLite may give the id of a deleted notice again
        key=f"notice-{notice.id}-{int(notice.made_at.timestamp() * 1000)}",
        line=line_of(notice.kind, notice.values),
        words=KINDS[notice.kind],
        reason=notice.values.get("reason") or "",
        why=why_of(notice.values),
        address=address_of(notice),
    )


def write_digest(account: Account, digest: Digest[Notice], *, key: str) -> Mail:
    """The daily mail of notices, by idea."""
    return _compose(
        "digest",
        account,
        "digest",
        key=key,
        digest=digest,
        line_of=line_of,
        why_of=why_of,
        address_of=address_of,
    )


def write_work(account: Account, work: Work, *, key: str) -> Mail:
    """The daily mail about waiting work."""
    return _compose(
        "work",
        account,
        Group.WORK.value,
        key=key,
        work=work,
        line_of=line_of,
        address_of=address_of,
    )


def _compose(kind: str, account: Account, topic: str, *, key: str, **values: Any) -> Mail:
    return compose(
        kind,
        str(account.email),
        account.locale,
        key=key,
        stop=stop_address(account.id, topic),
        nickname=account.nickname,
        settings=link("notifications.settings"),
        **values,
    )
