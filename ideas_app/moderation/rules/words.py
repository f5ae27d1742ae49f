"""The desk's codes in words: reasons of rejection with their standard texts, flags, acts of the log. Pure.

Must not know who reads them or in which language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.ideas.models import RejectCode
from ideas_app.moderation.rules.decisions import AppealOutcome, FlagCode, ObjectionOutcome

if TYPE_CHECKING:
    from flask_babel import LazyString


@dataclass(frozen=True, slots=True)
class Wording:
    """A code in words: its name, what it means, and the text that the author gets unless it is rewritten."""

    name: LazyString
    hint: LazyString | str
    text: LazyString


REJECT_WORDS: dict[RejectCode, Wording] = {
    RejectCode.DUPLICATE: Wording(
        _l("Duplicate"),
        _l("the same idea came first"),
        _l(
            "The same idea is already on the list, and the one that came first counts. "
            "Please support it, and add your story there as a comment."
        ),
    ),
    RejectCode.NOT_OUR_COMPETENCE: Wording(
        _l("Not our competence"),
        _l("passed on to the right body"),
        _l(
            "Another body decides this matter, not the city. "
            "We have passed your idea on to it, so that nothing you wrote is lost."
        ),
    ),
    RejectCode.COMPLAINT: Wording(
        _l("Complaint"),
        _l("a single matter to be mended"),
        _l(
            "This asks for one matter to be mended, "
            "which the city's complaints desk does faster than a policy idea. "
            "We have told the office in charge. "
            "If a rule or service should change so that it does not happen again, please write that as a new idea."
        ),
    ),
    RejectCode.ALREADY_DONE: Wording(
        _l("Already done"),
        _l("the same thing exists"),
        _l(
            "The city already does what your idea asks for. "
            "If something is missing in the way it is done, please write that as a new idea."
        ),
    ),
    RejectCode.PERSONAL_DATA: Wording(
        _l("Personal data"),
        _l("the text is hidden"),
        _l(
            "The text holds details by which a person can be recognised, so it is not shown to anyone. "
            "Please leave them out and send the idea again."
        ),
    ),
    RejectCode.ABUSE: Wording(
        _l("Abuse"),
        _l("the text is hidden"),
        _l(
            "The text insults or threatens a person or a group, so it is not shown to anyone. "
            "Please write the same wish without those words and send it again."
        ),
    ),
    RejectCode.ADVERTISING: Wording(
        _l("Advertising"),
        _l("the text is hidden"),
        _l(
            "The text advertises a product, a business or a gathering, so it is not shown to anyone. "
            "An idea for the city's policy is welcome at any time."
        ),
    ),
    RejectCode.UNCLEAR: Wording(
        _l("Unclear"),
        _l("not mended in time"),
        _l(
            "We could not make out what should change, and the time to mend the text has passed. "
            "You may write the idea anew at any time: one sentence on what should change for whom is enough."
        ),
    ),
    RejectCode.PRANK: Wording(
        _l("Prank"),
        "",
        _l(
            "We could not read this as a serious idea for the city's policy. "
            "An idea that is meant in earnest is welcome at any time."
        ),
    ),
}
"""In the order of their keys 1 to 9."""

RETURN_TEXT = _l(
    "We could not yet make out what should change. "
    "Please add one sentence on what should change for whom, and send it again within %(days)s days."
)
"""`%(days)s` is for the campaign's days to mend."""

FLAG_WORDS: dict[FlagCode, LazyString] = {
    FlagCode.PERSONAL_DATA: _l("It shows somebody's personal details"),
    FlagCode.ABUSE: _l("It insults or threatens people"),
    FlagCode.ADVERTISING: _l("It is advertising"),
    FlagCode.PRANK: _l("It is not meant seriously"),
    FlagCode.OTHER: _l("Something else is wrong"),
}

UNDO_WORDS: dict[str, LazyString] = {
    "publish": lazy_pgettext("act", "Published"),
    "return": lazy_pgettext("act", "Returned to the author"),
    "reject": lazy_pgettext("act", "Rejected"),
    "hide": lazy_pgettext("act", "Hidden"),
    "restore": lazy_pgettext("act", "Restored"),
    "fix": lazy_pgettext("act", "Typing errors mended"),
    "settle_flag": lazy_pgettext("act", "Flag settled"),
    "settle_appeal": lazy_pgettext("act", "Appeal settled"),
    "hide_comment": lazy_pgettext("act", "Comment hidden"),
    "restore_comment": lazy_pgettext("act", "Comment restored"),
}
"""What was just done and can be taken back."""

ACT_WORDS: dict[str, LazyString] = {
    "idea:submitted": lazy_pgettext("act", "Submitted"),
    "idea:edited": lazy_pgettext("act", "Edited"),
    "idea:imported": lazy_pgettext("act", "Entered by the centre"),
    "idea:published": lazy_pgettext("act", "Published"),
    "idea:returned": lazy_pgettext("act", "Returned to the author"),
    "idea:rejected": lazy_pgettext("act", "Rejected"),
    "idea:hidden": lazy_pgettext("act", "Hidden"),
    "idea:restored": lazy_pgettext("act", "Restored"),
    "idea:withdrawn": lazy_pgettext("act", "Withdrawn"),
    "flag:settled": lazy_pgettext("act", "Flag settled"),
    "appeal:settled": lazy_pgettext("act", "Appeal settled"),
    "family:formed": lazy_pgettext("act", "Family formed"),
    "family:objection_settled": lazy_pgettext("act", "Objection settled"),
    "family:split": lazy_pgettext("act", "Family split"),
    "comment:hidden": lazy_pgettext("act", "Comment hidden"),
    "comment:restored": lazy_pgettext("act", "Comment restored"),
    "decision:undone": lazy_pgettext("act", "Decision taken back"),
}
"""The log's tags in words, as far as they concern the desk."""

APPEAL_WORDS: dict[AppealOutcome, LazyString] = {
    AppealOutcome.OVERTURNED: _l("The appeal is right: the idea is published"),
    AppealOutcome.UPHELD: _l("The rejection stands"),
}

OBJECTION_WORDS: dict[ObjectionOutcome, LazyString] = {
    ObjectionOutcome.KEPT: _l("The idea stays in the family"),
    ObjectionOutcome.LEFT: _l("The idea leaves the family"),
    ObjectionOutcome.SPLIT: _l("The whole family is split"),
}
