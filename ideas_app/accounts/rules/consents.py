"""What people are asked to agree to: four facts each, apart from one another. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from flask_babel import LazyString


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One box: the four facts that the law wants said before anybody ticks it, and their version.

    A change of meaning gets a new version; who ticked the old one is asked again.
    """

    kind: str
    version: int
    is_required: bool
    title: LazyString
    purpose: LazyString
    items: LazyString
    retention: LazyString
    refusal: LazyString
    label: LazyString


CONSENTS: tuple[ConsentText, ...] = (
    ConsentText(
        kind="terms",
        version=1,
        is_required=True,
        title=_l("Terms of use"),
        purpose=_l(
            "To agree on the rules under which all take part: one account per person, respect."
        ),
        items=_l("The fact, the version and the time of your agreement."),
        retention=_l("Until you leave."),
        refusal=_l(
            "You may refuse. Then you cannot have an account; reading stays open to everybody."
        ),
        label=_l("I agree to the terms of use."),
    ),
    ConsentText(
        kind="privacy",
        version=1,
        is_required=True,
        title=_l("Your data for the account"),
        purpose=_l(
            "To make your account, to check the age, and to count one voice for each person."
        ),
        items=_l(
            "E-mail address, nickname, password (kept so that nobody can read it), date of birth, "
            "tie to the city, kind of browser of your open sessions."
        ),
        retention=_l(
            "Until you leave. Then it is emptied at once; ideas and comments stay without a name."
        ),
        refusal=_l(
            "You may refuse. Then you cannot submit or vote; reading stays open to everybody."
        ),
        label=_l("I agree that this data is collected and used."),
    ),
    ConsentText(
        kind="news",
        version=2,
        is_required=False,
        title=_l("News by mail"),
        purpose=_l(
            "To send you, at most once a day unless you choose otherwise, news about ideas that you wrote, "
            "support, discuss or follow. Decisions on your own ideas come without this consent."
        ),
        items=_l("E-mail address."),
        retention=_l("Until you withdraw it, at any time, in your settings."),
        refusal=_l(
            "You may refuse. Everything works without it, and notices stand in the service."
        ),
        label=_l("I would like to get news by mail."),
    ),
)
"""Asked when somebody joins: shown apart, each unticked."""
LINK_CONSENT = ConsentText(
    kind="participation_link",
    version=2,
    is_required=False,
    title=_l("Linking your record of participation"),
    purpose=_l(
        "To show you your own programmes and certificates, to let you take part where only "
        "participants may, and to see in totals of ten people or more whether a shortlist leaves out "
        "those of a programme."
    ),
    items=_l(
        "The link between your account and your lines on the centre's rosters: programme, cohort, "
        "days, completion, certificate."
    ),
    retention=_l("Until you withdraw it, at any time, or leave. Then the link is cut at once."),
    refusal=_l(
        "You may refuse. Then nothing is linked; you can still submit and vote wherever everybody may."
    ),
    label=_l("I agree that my account is linked with my record of participation."),
)
"""Asked where it matters: when somebody has proved that a line of a roster is theirs."""
ALL_CONSENTS = (*CONSENTS, LINK_CONSENT)
"""Every box that there is."""
