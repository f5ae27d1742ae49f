"""Two people put their names to a list; with the second it is frozen.

Must not change a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.shortlists import policy, queries
from ideas_app.shortlists.models import RoundSignature, RoundState
from ideas_app.shortlists.policy import SIGNATURES

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.shortlists.models import Round


def sign_list(actor: Actor, round_: Round, seen: str) -> Round:
    """A person's signature under the list whose digest they have seen; the second one confirms it.

    `round_` comes with entries, changes and signatures. Raises `Refused` for the second signature of
    the same person or before the analysis is there, `Conflict` when the list is not the one that was
    seen, is empty, or names an idea that is gone.
    """
    queries.hold(round_)
    policy.may_sign(actor, round_).require()
    digest = queries.seal_of(round_)
    if seen != digest:
        message = _l("The list was changed since you opened this page. Look at it once more.")
        raise Conflict("changed_meanwhile", message)
    queries.require_standing(queries.list_elected(round_))
    round_.signatures.append(
        RoundSignature(
            round_id=round_.id, account_id=actor.id, list_digest=digest, signed_at=clock.now()
        )
    )
    session().flush()
    diff = {"list": digest, "ballots": round_.digest}
    audit.record(actor, Tag.ROUND_SIGNED, "round", round_.id, diff=diff)
    if len(round_.signatures) >= SIGNATURES:
        round_.state = RoundState.CONFIRMED
        round_.confirmed_at = clock.now()
        round_.list_digest = digest
        session().flush()
        audit.record(actor, Tag.ROUND_CONFIRMED, "round", round_.id, diff=diff)
    return round_


def unsign_list(actor: Actor, round_: Round) -> None:
    """Takes back one's own signature, as long as the list is not confirmed. Raises `Refused`."""
    queries.hold(round_)
    policy.may_unsign(actor, round_).require()
    for signature in [one for one in round_.signatures if one.account_id == actor.id]:
        round_.signatures.remove(signature)
    session().flush()
    audit.record(actor, Tag.ROUND_UNSIGNED, "round", round_.id)
