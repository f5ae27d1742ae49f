"""What the views of this room share: the blueprint, its filters, the round that a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from ideas_app.core.errors import NotFound
from ideas_app.shortlists import policy, queries
from ideas_app.web.access import current_actor

if TYPE_CHECKING:
    from fractions import Fraction

    from ideas_app.shortlists.models import Round

blueprint = Blueprint("shortlists", __name__)


@blueprint.app_template_filter("whole")
def whole(value: Fraction) -> int:
    """An exact number to the nearest whole one, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


@blueprint.app_template_filter("tenths")
def tenths(value: Fraction) -> str:
    """An exact number of 0 or more with one decimal, halves up."""
    return "{}.{}".format(*divmod(whole(value * 10), 10))


def readable(round_id: int) -> Round:
    """The round, or the same 404 as for one that does not exist."""
    round_ = queries.get_round(round_id)
    verdict = policy.may_read(current_actor(), round_)
    if not verdict:
        raise NotFound(verdict.code, verdict.reason)
    return round_
