"""What each kind of notice says, in the inbox and in its mail. Pure.

Must not know who is told. `values` of a notice hold plain texts: `title` of the idea as it stood, `reason`
in the words of whoever decided, and now and then a code, a day or a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ideas_app.answers.models import Decision, PromiseStatus, StepKind
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.ideas.models import RejectCode
from ideas_app.moderation.rules import REJECT_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask_babel import LazyString

    Sentence = Callable[[dict[str, Any]], LazyString]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice: its sentence, what the person can do now, and whose words `reason` holds."""

    line: Sentence
    advice: LazyString | str = ""
    reason_from: LazyString | str = ""


_DECISIONS: dict[str, LazyString] = {
    Decision.ADOPTED.value: lazy_pgettext("decision", "Adopted"),
    Decision.PARTLY.value: lazy_pgettext("decision", "Partly adopted"),
    Decision.LATER.value: lazy_pgettext("decision", "Considered later"),
    Decision.HARD.value: lazy_pgettext("decision", "Not possible"),
    Decision.ALREADY.value: lazy_pgettext("decision", "Done already"),
    Decision.PASSED_ON.value: lazy_pgettext("decision", "Passed to another body"),
}
_CENTRE = _l("Reason given by the centre")
_CITY = _l("What the city says")


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


KINDS: dict[str, Kind] = {
    "submitted": Kind(
        lambda v: _l("Your idea “%(title)s” has arrived.", title=v["title"]),
        _l("You can edit it freely until the centre has read it."),
    ),
    "published": Kind(
        lambda v: _l("Your idea “%(title)s” is on the list.", title=v["title"]),
        _l("Everybody can read, discuss and support it now. Share its address."),
    ),
    "returned": Kind(
        lambda v: _l("Your idea “%(title)s” came back to you.", title=v["title"]),
        _l("Mend it and send it again: its page says until when."),
        _CENTRE,
    ),
    "rejected": Kind(
        lambda v: _l(
            "Your idea “%(title)s” was not published: %(code)s.", title=v["title"], code=_code(v)
        ),
        _l("You can appeal once: its page says until when. Another moderator then decides."),
        _CENTRE,
    ),
    "hidden": Kind(
        lambda v: _l(
            "Your idea “%(title)s” was hidden: %(code)s.", title=v["title"], code=_code(v)
        ),
        "",
        _CENTRE,
    ),
    "restored": Kind(lambda v: _l("Your idea “%(title)s” can be seen again.", title=v["title"])),
    "fixed": Kind(
        lambda v: _l(
            "The centre mended a typing error in your idea “%(title)s”.", title=v["title"]
        ),
        _l("You see every difference there. If it is wrong, change it again."),
    ),
    "note": Kind(
        lambda v: _l(
            "%(name)s named you in a note beside “%(title)s”.", name=v["name"], title=v["title"]
        )
    ),
    "comment_hidden": Kind(
        lambda v: _l("Your comment on “%(title)s” was hidden.", title=v["title"]), "", _CENTRE
    ),
    "comment_restored": Kind(
        lambda v: _l("Your comment on “%(title)s” can be seen again.", title=v["title"])
    ),
    "comment": Kind(
        lambda v: _l(
            "%(name)s wrote a comment on your idea “%(title)s”.", name=v["name"], title=v["title"]
        )
    ),
    "reply": Kind(
        lambda v: _l(
            "%(name)s replied to your comment on “%(title)s”.", name=v["name"], title=v["title"]
        )
    ),
    "edited": Kind(
        lambda v: _l("“%(title)s”, which you support or follow, was changed.", title=v["title"]),
        _l("Look at what is different. You can take your support back."),
    ),
    "withdrawn": Kind(
        lambda v: _l("“%(title)s”, which you support or follow, was withdrawn.", title=v["title"])
    ),
    "appeal_upheld": Kind(
        lambda v: _l("Your appeal for “%(title)s”: the decision stands.", title=v["title"]),
        "",
        _CENTRE,
    ),
    "appeal_overturned": Kind(
        lambda v: _l("Your appeal for “%(title)s” was right: it is on the list.", title=v["title"]),
        "",
        _CENTRE,
    ),
    "family_formed": Kind(
        lambda v: _l(
            "Your idea “%(title)s” was joined with similar ones: “%(family)s”.",
            title=v["title"],
            family=v["family"],
        ),
        _l(
            "Every support stays. If the ideas do not belong together, object: its page says until when."
        ),
        _CENTRE,
    ),
    "family_formed_supported": Kind(
        lambda v: _l(
            "“%(title)s”, which you support or follow, was joined with similar ones: “%(family)s”.",
            title=v["title"],
            family=v["family"],
        ),
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
        "",
        _CENTRE,
    ),
    "family_left": Kind(
        lambda v: _l(
            "Your idea “%(title)s” was taken out of the family “%(family)s” and stands alone again.",
            title=v["title"],
            family=v["family"],
        ),
        _l("All supports and comments are where they were."),
        _CENTRE,
    ),
    "family_left_supported": Kind(
        lambda v: _l(
            "“%(title)s”, which you support or follow, stands alone again.", title=v["title"]
        ),
        _l("All supports and comments are where they were."),
        _CENTRE,
    ),
    "family_split_supported": Kind(
        lambda v: _l(
            "“%(title)s”, which you support or follow, stands alone again.", title=v["title"]
        ),
        _l("All supports and comments are where they were."),
        _CENTRE,
    ),
    "objection_settled": Kind(
        lambda v: _l("Your objection for “%(title)s” was decided.", title=v["title"]), "", _CENTRE
    ),
    "family_split": Kind(
        lambda v: _l("Your idea “%(title)s” stands alone again.", title=v["title"]),
        _l("All supports and comments are where they were."),
        _CENTRE,
    ),
    "answer_due": Kind(
        lambda v: _l("“%(title)s” has enough supports for an official answer.", title=v["title"])
    ),
    "shortlisted": Kind(
        lambda v: _l("Your idea “%(title)s” is on the shortlist.", title=v["title"]),
        _l("Its page says by when the city answers."),
    ),
    "not_shortlisted": Kind(
        lambda v: _l("Your idea “%(title)s” did not reach the shortlist.", title=v["title"]),
        _l("The page of the shortlist shows how far it was and how the list was computed."),
    ),
    "shortlisted_supported": Kind(
        lambda v: _l(
            "“%(title)s”, which you support or follow, is on the shortlist.", title=v["title"]
        )
    ),
    "answered": Kind(
        lambda v: _l(
            "The city has answered your idea “%(title)s”: %(decision)s.",
            title=v["title"],
            decision=_DECISIONS.get(str(v.get("decision")), ""),
        )
    ),
    "answered_supported": Kind(
        lambda v: _l(
            "The city has answered “%(title)s”, which you support or follow: %(decision)s.",
            title=v["title"],
            decision=_DECISIONS.get(str(v.get("decision")), ""),
        )
    ),
    "answer_extended": Kind(
        lambda v: _l("The city needs more time to answer “%(title)s”.", title=v["title"]), "", _CITY
    ),
    "promise": Kind(_promise, "", _CITY),
}


def line_of(kind: str, values: dict[str, Any]) -> LazyString:
    """The sentence of a notice, in the reader's language when it is shown."""
    return KINDS[kind].line(values)
