"""What each kind of notice says, in the inbox and in its mails. Pure.

Must not know who is told. `values` of a notice hold plain texts: `title` of the idea as it stood, `reason`
in the words of whoever decided, `why` the person is told, and now and then a code, a day or an id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.answers.models import Decision, PromiseStatus, StepKind
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.ideas.models import RejectCode
from ideas_app.moderation.rules import REJECT_WORDS
from ideas_app.notifications.rules.groups import Group
from ideas_app.notifications.rules.kinds import Kind, Spot

if TYPE_CHECKING:
    from flask_babel import LazyString

_DECISIONS: dict[str, LazyString] = {
    Decision.ADOPTED.value: lazy_pgettext("decision", "Adopted"),
    Decision.PARTLY.value: lazy_pgettext("decision", "Partly adopted"),
    Decision.LATER.value: lazy_pgettext("decision", "Considered later"),
    Decision.HARD.value: lazy_pgettext("decision", "Not possible"),
    Decision.ALREADY.value: lazy_pgettext("decision", "Done already"),
    Decision.PASSED_ON.value: lazy_pgettext("decision", "Passed to another body"),
}
FORMER = _l("Former member")
_CENTRE = _l("Reason given by the centre")
_CITY = _l("What the city says")
_STAY = _l("All supports and comments are where they were.")
_BALLOT = _l("You can change what you chose until the vote closes.")
_FAR = _l("The page of the shortlist shows how far it was and how the list was computed.")
_SILENT_ADVICE = _l("Its page says “No word” until the city says what became of it.")


def _code(values: dict[str, Any]) -> LazyString | str:
    """The name of a rejection code; empty for none."""
    code = str(values.get("code") or "")
    return REJECT_WORDS[RejectCode(code)].name if code in set(RejectCode) else ""


def _promise(values: dict[str, Any]) -> LazyString:
    title = values["title"]
    if values.get("status") == PromiseStatus.DONE:
        return _l("A promise on “%(title)s” was kept.", title=title)
    if values.get("status") == PromiseStatus.MOVED:
        return _l("A promise on “%(title)s” was moved to a later day.", title=title)
    if values.get("status") == StepKind.REOPENED:
        return _l("A promise on “%(title)s” is open again: “kept” was taken back.", title=title)
    return _l("A promise on “%(title)s” was dropped.", title=title)


def _decision(values: dict[str, Any]) -> LazyString | str:
    return _DECISIONS.get(str(values.get("decision")), "")


def _name(values: dict[str, Any]) -> LazyString | str:
    """Who did it; empty in the row once that person has left."""
    return str(values.get("name") or "") or FORMER


def _progress(values: dict[str, Any]) -> LazyString:
    return _l("A step was reported on a promise on “%(title)s”.", title=values["title"])


def _silent(values: dict[str, Any]) -> LazyString:
    return _l("The day of a promise on “%(title)s” passed without a word.", title=values["title"])


_RIGHTS = _l("The reason and the answer stand on the page of your data.")

PEOPLE: dict[str, Kind] = {
    # an idea's life
    "submitted": Kind(
        lambda v: _l("Your idea “%(title)s” has arrived.", title=v["title"]),
        Group.OWN,
        _l("You can edit it freely until the centre has read it."),
        by_mail=False,
    ),
    "published": Kind(
        lambda v: _l("Your idea “%(title)s” is on the list.", title=v["title"]),
        Group.OWN,
        _l("Everybody can read, discuss and support it now. Share its address."),
    ),
    "returned": Kind(
        lambda v: _l("Your idea “%(title)s” came back to you.", title=v["title"]),
        Group.OWN,
        _l("Mend it and send it again: its page says until when."),
        _CENTRE,
    ),
    "rejected": Kind(
        lambda v: _l(
            "Your idea “%(title)s” was not published: %(code)s.", title=v["title"], code=_code(v)
        ),
        Group.OWN,
        _l("You can appeal once: its page says until when. Another moderator then decides."),
        _CENTRE,
    ),
    "hidden": Kind(
        lambda v: _l(
            "Your idea “%(title)s” was hidden: %(code)s.", title=v["title"], code=_code(v)
        ),
        Group.OWN,
        reason_from=_CENTRE,
    ),
    "restored": Kind(
        lambda v: _l("Your idea “%(title)s” can be seen again.", title=v["title"]), Group.OWN
    ),
    "fixed": Kind(
        lambda v: _l(
            "The centre mended a typing error in your idea “%(title)s”.", title=v["title"]
        ),
        Group.OWN,
        _l("You see every difference there. If it is wrong, change it again."),
        spot=Spot.HISTORY,
        by_mail=False,
    ),
    "edited": Kind(
        lambda v: _l("“%(title)s” was changed.", title=v["title"]),
        Group.STEPS,
        _l("Look at what is different. You can take your support back."),
        spot=Spot.HISTORY,
    ),
    "withdrawn": Kind(
        lambda v: _l("The author took “%(title)s” back.", title=v["title"]), Group.STEPS
    ),
    "appeal_upheld": Kind(
        lambda v: _l("Your appeal for “%(title)s”: the decision stands.", title=v["title"]),
        Group.OWN,
        reason_from=_CENTRE,
    ),
    "appeal_overturned": Kind(
        lambda v: _l("Your appeal for “%(title)s” was right: it is on the list.", title=v["title"]),
        Group.OWN,
        reason_from=_CENTRE,
    ),
    # comments
    "comment": Kind(
        lambda v: _l(
            "%(name)s wrote a comment on your idea “%(title)s”.", name=_name(v), title=v["title"]
        ),
        Group.TALK,
        spot=Spot.COMMENT,
    ),
    "reply": Kind(
        lambda v: _l(
            "%(name)s replied to your comment on “%(title)s”.", name=_name(v), title=v["title"]
        ),
        Group.TALK,
        spot=Spot.COMMENT,
    ),
    "comment_hidden": Kind(
        lambda v: _l("Your comment on “%(title)s” was hidden.", title=v["title"]),
        Group.OWN,
        reason_from=_CENTRE,
        spot=Spot.COMMENT,
    ),
    "comment_restored": Kind(
        lambda v: _l("Your comment on “%(title)s” can be seen again.", title=v["title"]),
        Group.OWN,
        spot=Spot.COMMENT,
    ),
    # families
    "family_formed": Kind(
        lambda v: _l(
            "Your idea “%(title)s” was joined with similar ones: “%(family)s”.",
            title=v["title"],
            family=v["family"],
        ),
        Group.OWN,
        _l(
            "Every support stays. If the ideas do not belong together, object: its page says until when."
        ),
        _CENTRE,
    ),
    "family_formed_supported": Kind(
        lambda v: _l(
            "“%(title)s” was joined with similar ideas: “%(family)s”.",
            title=v["title"],
            family=v["family"],
        ),
        Group.STEPS,
        _l(
            "Your support stays with the idea. If you do not agree with the common text, "
            "you can leave the family on its page."
        ),
        _CENTRE,
    ),
    "family_grew": Kind(
        lambda v: _l(
            "“%(joined)s” was added to the family of your idea “%(title)s”.",
            joined=v.get("joined", ""),
            title=v["title"],
        ),
        Group.OWN,
        reason_from=_CENTRE,
    ),
    "family_left": Kind(
        lambda v: _l(
            "Your idea “%(title)s” was taken out of the family “%(family)s” and stands alone again.",
            title=v["title"],
            family=v["family"],
        ),
        Group.OWN,
        _STAY,
        _CENTRE,
    ),
    "family_left_supported": Kind(
        lambda v: _l("“%(title)s” stands alone again.", title=v["title"]),
        Group.STEPS,
        _STAY,
        _CENTRE,
    ),
    "family_split": Kind(
        lambda v: _l("Your idea “%(title)s” stands alone again.", title=v["title"]),
        Group.OWN,
        _STAY,
        _CENTRE,
    ),
    "family_split_supported": Kind(
        lambda v: _l("“%(title)s” stands alone again.", title=v["title"]),
        Group.STEPS,
        _STAY,
        _CENTRE,
    ),
    "objection_settled": Kind(
        lambda v: _l("Your objection for “%(title)s” was decided.", title=v["title"]),
        Group.OWN,
        reason_from=_CENTRE,
    ),
    # the vote and the shortlist
    "ballot_open": Kind(
        lambda v: _l(
            "The vote is open: your idea “%(title)s” stands on the ballot.", title=v["title"]
        ),
        Group.OWN,
        _BALLOT,
        spot=Spot.BALLOT,
    ),
    "ballot_open_supported": Kind(
        lambda v: _l("The vote is open: “%(title)s” stands on the ballot.", title=v["title"]),
        Group.STEPS,
        _BALLOT,
        spot=Spot.BALLOT,
    ),
    "shortlisted": Kind(
        lambda v: _l("Your idea “%(title)s” is on the shortlist.", title=v["title"]),
        Group.OWN,
        _l("Its page says by when the city answers."),
    ),
    "shortlisted_supported": Kind(
        lambda v: _l("“%(title)s” is on the shortlist.", title=v["title"]),
        Group.STEPS,
        _l("Its page says by when the city answers."),
    ),
    "not_shortlisted": Kind(
        lambda v: _l("Your idea “%(title)s” did not reach the shortlist.", title=v["title"]),
        Group.OWN,
        _FAR,
        spot=Spot.SHORTLIST,
    ),
    "not_shortlisted_supported": Kind(
        lambda v: _l("“%(title)s” did not reach the shortlist.", title=v["title"]),
        Group.STEPS,
        _FAR,
        spot=Spot.SHORTLIST,
    ),
    # one's own record
    "claim_accepted": Kind(
        lambda v: _l(
            "The centre found your record of “%(title)s” and linked it.", title=v["title"]
        ),
        Group.OWN,
        spot=Spot.RECORD,
    ),
    "claim_refused": Kind(
        lambda v: _l("The centre did not find you on the roster of “%(title)s”.", title=v["title"]),
        Group.OWN,
        reason_from=_CENTRE,
        spot=Spot.RECORD,
    ),
    "request_extended": Kind(
        lambda v: _l(
            "The answer to your request %(number)s about your data takes longer.", number=v["title"]
        ),
        Group.OWN,
        _RIGHTS,
        spot=Spot.RIGHTS,
    ),
    "request_done": Kind(
        lambda v: _l("Your request %(number)s about your data is done.", number=v["title"]),
        Group.OWN,
        _RIGHTS,
        spot=Spot.RIGHTS,
    ),
    "request_refused": Kind(
        lambda v: _l("Your request %(number)s about your data was refused.", number=v["title"]),
        Group.OWN,
        _RIGHTS,
        spot=Spot.RIGHTS,
    ),
    # the answer
    "answer_due": Kind(
        lambda v: _l("“%(title)s” has enough supports for an official answer.", title=v["title"]),
        Group.ANSWERS,
        spot=Spot.ANSWER,
    ),
    "answer_due_supported": Kind(
        lambda v: _l("“%(title)s” has enough supports for an official answer.", title=v["title"]),
        Group.ANSWERS,
        spot=Spot.ANSWER,
    ),
    "answered": Kind(
        lambda v: _l(
            "The city has answered your idea “%(title)s”: %(decision)s.",
            title=v["title"],
            decision=_decision(v),
        ),
        Group.OWN,
        spot=Spot.ANSWER,
    ),
    "answered_supported": Kind(
        lambda v: _l(
            "The city has answered “%(title)s”: %(decision)s.",
            title=v["title"],
            decision=_decision(v),
        ),
        Group.ANSWERS,
        spot=Spot.ANSWER,
    ),
    "answer_changed": Kind(
        lambda v: _l(
            "The answer to your idea “%(title)s” reads differently now.", title=v["title"]
        ),
        Group.OWN,
        spot=Spot.ANSWER,
    ),
    "answer_changed_supported": Kind(
        lambda v: _l("The answer to “%(title)s” reads differently now.", title=v["title"]),
        Group.ANSWERS,
        spot=Spot.ANSWER,
    ),
    "answer_extended": Kind(
        lambda v: _l("The city needs more time to answer “%(title)s”.", title=v["title"]),
        Group.OWN,
        reason_from=_CITY,
        spot=Spot.ANSWER,
    ),
    "answer_extended_supported": Kind(
        lambda v: _l("The city needs more time to answer “%(title)s”.", title=v["title"]),
        Group.ANSWERS,
        reason_from=_CITY,
        spot=Spot.ANSWER,
    ),
    # its promises
    "promise": Kind(_promise, Group.OWN, reason_from=_CITY, spot=Spot.PROMISE),
    "promise_supported": Kind(_promise, Group.ANSWERS, reason_from=_CITY, spot=Spot.PROMISE),
    "promise_progress": Kind(_progress, Group.ANSWERS, reason_from=_CITY, spot=Spot.PROMISE),
    "promise_progress_supported": Kind(
        _progress, Group.ANSWERS, reason_from=_CITY, spot=Spot.PROMISE
    ),
    "promise_silent": Kind(_silent, Group.OWN, _SILENT_ADVICE, spot=Spot.PROMISE),
    "promise_silent_supported": Kind(_silent, Group.ANSWERS, _SILENT_ADVICE, spot=Spot.PROMISE),
}
