"""Papers about one thing: an answer as a letter, an idea on one page, the result of a ballot.

The same words and figures as on the pages, as blocks from which each kind of file is made. Must not know
who may have a paper, nor how it is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import select

from ideas_app.adapters.formats.blocks import (
    Code,
    Document,
    Facts,
    Grid,
    Heading,
    PageBreak,
    Paragraph,
)
from ideas_app.answers import queries as answers
from ideas_app.answers.rules import Standing
from ideas_app.campaigns import policy as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.exports.queries.rows import iterate_ballots
from ideas_app.exports.rules import BALLOTS, word_of
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import Idea
from ideas_app.ideas.rules import shown_number
from ideas_app.web.i18n import format_day, format_number, localised
from ideas_app.web.templating import house_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ideas_app.adapters.formats import Language
    from ideas_app.adapters.formats.blocks import Block
    from ideas_app.answers.models import Answer
    from ideas_app.answers.queries import AnswerRow
    from ideas_app.answers.rules import AnswerContent
    from ideas_app.campaigns.models import Campaign
    from ideas_app.shortlists.models import Round, RoundEntry

STANDINGS = {
    Standing.NEXT: lazy_pgettext("promise", "Coming"),
    Standing.KEPT: lazy_pgettext("promise", "Kept"),
    Standing.MOVED: lazy_pgettext("promise", "Moved"),
    Standing.DROPPED: lazy_pgettext("promise", "Dropped"),
    Standing.SILENT: lazy_pgettext("promise", "No word"),
}
_LISTED = re.compile(r"^\s{0,3}(?:[-*+]|(\d+)[.)])\s+")
_QUIET = re.compile(r"(\*\*|__|`)(.+?)\1")


def describe_letter(row: AnswerRow, lang: Language) -> Document:
    """A published answer as a letter; one that is not published as the paper on which it is signed off.

    `row` comes from `answers.queries.get_row`.
    """
    answer = row.answer
    is_draft = answer.answered_at is None
    content = _content_of(answer)
    title = content.headline or _("The official answer")
    if is_draft:
        title = _("For sign-off: %(title)s", title=row.title)
    blocks: list[Block] = [Facts(tuple(_letter_facts(row, content)))]
    if is_draft:
        steps = (
            pgettext("sign-off", "Drafted"),
            pgettext("sign-off", "Reviewed"),
            pgettext("sign-off", "Agreed"),
            pgettext("sign-off", "Decided"),
        )
        blocks.append(Grid(_("Sign-off"), steps, (("\n\n",) * len(steps),)))
    blocks.append(Heading(_("Answer")))
    blocks += _paragraphs(content.reason or _("Nothing has been written yet."))
    blocks += _promises(answer, content)
    if answer.extension_reason:
        reason = answer.extension_reason
        blocks.append(Paragraph(_("Why the time was extended: %(reason)s", reason=reason)))
    if not is_draft:
        blocks.append(
            Paragraph(f"{house_name('CITY_NAME')} {answer.department} {answer.post}".strip())
        )
    return Document(
        title=title,
        about=localised(row.campaign, "title"),
        author=house_name("SITE_NAME"),
        lang=lang,
        as_of=clock.today(),
        blocks=tuple(blocks),
    )


def _content_of(answer: Answer) -> AnswerContent:
    """What is published, or the draft as it was saved last."""
    if answer.answered_at is not None:
        return answers.content_of(answer)
    return answers.draft_of(answer, answers.find_work(answer.id))


def _letter_facts(row: AnswerRow, content: AnswerContent) -> Iterator[tuple[str, str]]:
    answer = row.answer
    members = answers.list_ideas_of(answer)
    numbers = ", ".join(shown_number(row.campaign.year, idea.number) for idea in members)
    yield _("Idea"), row.title
    yield _("Number"), numbers
    yield _("Field"), localised(row.field, "name")
    yield _("Supports"), format_number(row.supports)
    yield _("Received on"), format_day(answer.received_on)
    yield _("Due on"), format_day(row.last_on)
    if answer.answered_at:
        yield _("Answered on"), format_day(answer.answered_at)
    if content.decision:
        yield _("Decision"), str(word_of("decision", content.decision.value))
    if content.department or content.post:
        yield _("Department"), f"{content.department} {content.post}".strip()


def _promises(answer: Answer, content: AnswerContent) -> Iterator[Block]:
    rows = tuple(
        (
            promise.text,
            format_day(promise.moved_to or promise.due_on),
            str(STANDINGS[answers.standing(promise)]),
        )
        for promise in answer.promises
    )
    if answer.answered_at is None:
        coming = str(STANDINGS[Standing.NEXT])
        rows += tuple((one.text, format_day(one.due_on), coming) for one in content.promises)
    if not rows:
        return
    yield Heading(_("Promised days"))
    head = (_("What"), _("By when"), _("State"))
    yield Grid(_("Promises and their days"), head, rows, widths=(5, 2, 2))


def _paragraphs(source: str) -> Iterator[Block]:
    """Written text as paragraphs, the few marks of its writer as plain signs."""
    for part in re.split(r"\n\s*\n", source.strip()):
        lines = [
            _LISTED.sub(lambda found: f"{found.group(1)}. " if found.group(1) else "· ", line)
            for line in part.split("\n")
        ]
        yield Paragraph(_QUIET.sub(r"\2", "\n".join(lines)))


def describe_sheet(idea: Idea, lang: Language) -> Document:
    """An idea on one page. `idea` as `ideas.queries.get_idea` gives it, and readable to everybody."""
    return Document(
        title=idea.title,
        about=localised(idea.campaign, "title"),
        author=house_name("SITE_NAME"),
        lang=lang,
        as_of=clock.today(),
        blocks=tuple(_tell_idea(idea)),
    )


def describe_sheets(found: Sequence[Idea], campaign: Campaign, lang: Language) -> Document:
    """Several ideas, each on its page. Ideas as for `describe_sheet`."""
    blocks: list[Block] = []
    for place, idea in enumerate(found):
        blocks += [PageBreak()] if place else []
        blocks += [Heading(idea.title), *_tell_idea(idea, 2)]
    return Document(
        title=_("Idea sheets"),
        about=localised(campaign, "title"),
        author=house_name("SITE_NAME"),
        lang=lang,
        as_of=clock.today(),
        blocks=tuple(blocks),
    )


def _tell_idea(idea: Idea, level: int = 1) -> Iterator[Block]:
    facts = [
        (_("Number"), shown_number(idea.campaign.year, idea.number)),
        (_("Field"), localised(idea.field, "name")),
        (_("Author"), idea.pen_name or idea.author.nickname),
        (_("State"), str(word_of("state", idea.state.value))),
        (_("Received on"), format_day(idea.submitted_at)),
    ]
    if not _counts_are_votes(idea.campaign):
        facts.append((_("Supports"), format_number(idea.supports_count)))
    facts.append((_("Comments"), format_number(idea.comments_count)))
    if idea.family:
        facts.append((_("Family"), idea.family.title))
    yield Facts(tuple(facts))
    yield Heading(_("Why it is needed"), level)
    yield from _paragraphs(idea.why)
    if idea.how:
        yield Heading(_("How it could work"), level)
        yield from _paragraphs(idea.how)
    answer = answers.find_of_idea(idea)
    if answer is not None and answer.decision:
        decision = str(word_of("decision", answer.decision.value))
        yield Heading(_("The official answer"), level)
        told = (decision, answer.department, format_day(answer.answered_at))
        yield Paragraph(" · ".join(part for part in told if part))
        if answer.headline:
            yield Paragraph(answer.headline)


def _counts_are_votes(campaign: Campaign) -> bool:
    """Whether supports are the votes of a campaign and still being given: then nobody is told them."""
    is_vote = rules_of(campaign).source == "supports"
    return is_vote and bool(campaigns.is_open(campaign, Activity.SUPPORT, clock.now()))


def list_sheet_ideas(entries: Sequence[RoundEntry]) -> list[Idea]:
    """The ideas behind entries of a round in the entries' order, members of families one by one, as
    sheets need them. Only those that everybody may read.
    """
    found: list[Idea] = []
    for entry in entries:
        subject = Idea.id == entry.idea_id if entry.idea_id else Idea.family_id == entry.family_id
        ids = session().scalars(
            select(Idea.id).where(subject, Idea.is_listed).order_by(Idea.number)
        )
        found += [ideas.get_idea(idea_id) for idea_id in ids]
    return found


def describe_ballots(round_: Round, campaign: Campaign, lang: Language) -> Document:
    """The result of a ballot: how often each entry was chosen, and the file to check it with."""
    rows = tuple(
        (
            str(row["place"] or "–"),
            row["title"],
            format_number(row["approvals"]),
            f"{row['share']:.1f}",
            str(row["top_rank"] or "–"),
        )
        for row in iterate_ballots(round_)
    )
    head = tuple(column.title(lang) for column in BALLOTS if column.key != "project")
    facts = (
        (pgettext("round", "Ballots"), format_number(round_.ballots)),
        (_("Chose nothing that can be elected"), format_number(round_.empty)),
        (_("Places"), str(round_.seats)),
        (pgettext("round", "Published"), format_day(round_.published_at)),
    )
    return Document(
        title=_("Ballot result"),
        about=localised(campaign, "title"),
        author=house_name("SITE_NAME"),
        lang=lang,
        as_of=clock.local_date(round_.published_at or round_.computed_at),
        blocks=(
            Facts(facts),
            Grid(
                _("Ballots for each entry"),
                head,
                rows,
                numeric=(0, 2, 3, 4),
                widths=(2, 7, 2, 2, 2),
            ),
            Heading(_("Check it yourself")),
            Paragraph(_("Fingerprint of the file (SHA-256)")),
            Code(round_.digest),
        ),
    )
