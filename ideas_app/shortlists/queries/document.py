"""A round as a document for the council: the same figures, sentences and digest as on its page.

Must not compute anything, nor know how the file is written.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from ideas_app.adapters.formats.blocks import (
    Code,
    Document,
    Entries,
    Entry,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Picture,
)
from ideas_app.core import clock
from ideas_app.shortlists.models import Source
from ideas_app.shortlists.queries.groups import Groups, read_group_tables
from ideas_app.shortlists.queries.page import find_pictures, read_page
from ideas_app.shortlists.queries.sentences import write_decimal, write_percent
from ideas_app.shortlists.queries.words import COMPLETIONS, RULES
from ideas_app.shortlists.rules import Completion
from ideas_app.web.i18n import format_day, localised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ideas_app.adapters.formats import Language
    from ideas_app.adapters.formats.blocks import Block
    from ideas_app.shortlists.models import Round
    from ideas_app.shortlists.queries.groups import GroupTable
    from ideas_app.shortlists.queries.page import Figures, Line, RoundPage


def describe_round(round_: Round, lang: Language, *, author: str) -> Document:
    """The document of a round, which comes with its entries, in the language that is being spoken.

    `author`: who publishes it. The date of its data is the day on which it was published, or
    computed.
    """
    page = read_page(round_)
    groups = read_group_tables(round_)
    pictures = find_pictures(round_.id, lang)
    title = _(
        "%(ideas)s ideas chosen by %(people)s people",
        ideas=len(page.lines),
        people=f"{round_.ballots:,}",
    )
    blocks = (
        Facts(tuple(_list_facts(round_, page))),
        *_compare(page, groups),
        *_tell_list(round_, page),
        *_tell_misses(page),
        *_tell_groups(groups),
        *_show(pictures),
        *_tell_check(round_),
    )
    return Document(
        title=title,
        about=localised(page.campaign, "title"),
        author=author,
        lang=lang,
        as_of=clock.local_date(round_.published_at or round_.computed_at),
        blocks=blocks,
    )


def _list_facts(round_: Round, page: RoundPage) -> Iterator[tuple[str, str]]:
    rule = str(dict(RULES)[round_.rule])
    if round_.completion != Completion.NONE:
        rest = str(dict(COMPLETIONS)[round_.completion])
        rule = f"{rule}, {_('seats left over: %(rule)s', rule=rest)}"
    if page.voted_in:
        # a phase ends before its last instant: a ballot until midnight ended on the day before
        last = page.voted_in.ends_at - timedelta(seconds=1)
        yield _("Voting"), f"{format_day(page.voted_in.starts_at)} ~ {format_day(last)}"
    counted = ngettext("%(num)s counted", "%(num)s counted", round_.ballots)
    if round_.empty:
        empty = _("%(empty)s chose nothing that can be elected", empty=f"{round_.empty:,}")
        counted = f"{counted}, {empty}"
    is_ballot = round_.source is Source.BALLOT
    published = format_day(round_.published_at) if round_.published_at else _("Not public yet")
    yield pgettext("round", "Ballots"), counted
    yield (
        _("What counted"),
        _("the final ballot") if is_ballot else _("the supports of the gathering"),
    )
    yield _("Rule"), rule
    yield _("Places"), str(round_.seats)
    least = _("%(percent)s %% of the ballots", percent=round_.min_approval_percent)
    yield (
        _("Least approval"),
        least if round_.min_approval_percent else pgettext("approval", "none"),
    )
    yield pgettext("round", "Published"), published


def _compare(page: RoundPage, groups: Groups | None) -> Iterator[Block]:
    def share(figures: Figures) -> str:
        return f"{write_percent(figures.coverage)} % ({figures.covered:,})"

    rows = [
        (_("People with at least one idea on the list"), share(page.ours), share(page.plain)),
        (
            _("Ideas a person got, on average"),
            write_decimal(page.ours.mean),
            write_decimal(page.plain.mean),
        ),
    ]
    if groups:
        cells = (
            f"{write_percent(least.served.coverage)} % ({least.label})"
            for least in (groups.ours, groups.top)
        )
        rows.append((_("Least represented group"), *cells))
    yield Heading(_("This list and plain most votes, side by side"))
    head = ("", _("This list"), _("Most votes"))
    yield Grid(_("What the two lists give"), head, tuple(rows), widths=(3, 2, 2))
    if page.ours.jr:
        yield Paragraph(
            _(
                "No group of 1/%(seats)s of the voters (%(people)s people) that agrees on an idea is "
                "left without any.",
                seats=page.seats,
                people=f"{page.quota:,}",
            )
        )


def _tell_list(round_: Round, page: RoundPage) -> Iterator[Block]:
    yield Heading(_("In the order of election"))
    close = {line.rank for line in page.close}
    entries = []
    for line in page.lines:
        lines = [_join(page, line)] if page.analysis else []
        if line.is_only_here and round_.rule != "approval":
            lines.append(_("By most votes alone it would have been left out"))
        if line.rank in close and page.analysis:
            firm = page.analysis.firm[line.shown.entry.project]
            lines.append(_("Close call %(share)s %%", share=firm.percent))
        votes = line.shown.entry.approvals
        aside = ngettext("%(num)s vote", "%(num)s votes", votes)
        entries.append(Entry(str(line.rank), str(line.shown.title), tuple(lines), aside))
    yield Entries(tuple(entries))


def _join(page: RoundPage, line: Line) -> str:
    told = page.analysis.sentences[line.shown.entry.project] if page.analysis else ()
    return " ".join(str(sentence) for sentence in told)


def _tell_misses(page: RoundPage) -> Iterator[Block]:
    if page.analysis is None or not page.analysis.misses:
        return
    yield Heading(_("Just missed"))
    entries = []
    for miss in page.analysis.misses:
        lines = [" ".join(str(sentence) for sentence in miss.why)]
        if miss.displaces:
            instead = ", ".join(str(one.title) for one in miss.displaces)
            lines.append(f"{_('In its place would be missing:')} {instead}")
        short = ngettext("%(num)s vote short", "%(num)s votes short", miss.votes_short)
        entries.append(Entry("–", str(miss.shown.title), tuple(lines), short))
    yield Entries(tuple(entries))


def _tell_groups(groups: Groups | None) -> Iterator[Block]:
    if groups is None:
        return
    yield Heading(_("Who is represented, and how well"))
    titles = {
        "age": _("By age on the last day of the vote"),
        "tie": _("By tie to the city"),
        "neighbourhood": _("By the neighbourhood that people named themselves"),
    }
    for table in (*groups.main, *groups.places, *groups.programmes):
        yield _grid_of(table, titles.get(table.name) or table.title)
    yield Paragraph(
        _(
            "Groups of fewer than %(least)s people are not shown, nor others by which their number "
            "could be worked out.",
            least=groups.min_cell,
        ),
        is_small=True,
    )


def _grid_of(table: GroupTable, caption: str) -> Grid:
    rows = tuple(
        (
            str(row.label),
            f"{row.people:,}",
            f"{write_percent(row.ours.coverage)} %",
            write_decimal(row.ours.mean),
            f"{write_percent(row.top.coverage)} %",
            write_decimal(row.top.mean),
        )
        for row in table.rows
    )
    head = (
        _("Group"),
        _("People who voted"),
        _("This list"),
        _("ideas each"),
        _("Most votes"),
        _("ideas each"),
    )
    return Grid(caption, head, rows, numeric=(1, 2, 3, 4, 5), widths=(4, 2, 2, 2, 2, 2))


def _show(pictures: dict[str, str]) -> Iterator[Block]:
    captions = {
        "coverage": _("How many ideas people find on the list"),
        "payers": _("Who had something already when an idea was chosen"),
        "weights": _("Votes of each place, and what they weighed"),
        "seats": _("People with at least one idea, by number of places"),
    }
    if pictures:
        yield Heading(_("The list in pictures"))
    for name, caption in captions.items():
        if name in pictures:
            yield Picture(pictures[name], caption)


def _tell_check(round_: Round) -> Iterator[Block]:
    yield Heading(_("Check it yourself"))
    yield Paragraph(
        _(
            "With the ballots, which carry no names, and the counting program anybody gets the same "
            "list."
        )
    )
    yield Paragraph(_("Fingerprint of the file (SHA-256)"))
    yield Code(round_.digest)
    name = f"{round_.lot}-{round_.id}.pb"
    yield Code(f"python recount.py {name}")
