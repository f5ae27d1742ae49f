"""A year as a document: the same figures, tables, charts and digest as on its page.

Must not count anything, nor know how the file is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from ideas_app.adapters.formats.blocks import (
    Code,
    Document,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Picture,
)
from ideas_app.core import clock
from ideas_app.reports.rules import DEFINITIONS, NAMES, compare_years, may_tell
from ideas_app.web.i18n import format_instant, format_number, localised

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ideas_app.adapters.formats import Language
    from ideas_app.adapters.formats.blocks import Block
    from ideas_app.reports.models import ReportRun
    from ideas_app.reports.rules import Moved, Outcomes


def describe_report(
    outcomes: Outcomes,
    before: Outcomes | None,
    pictures: Mapping[str, str],
    moved: tuple[ReportRun | None, Sequence[Moved]],
    *,
    lang: Language,
    author: str,
) -> Document:
    """The report of a year beside the year before, in the language that is being spoken.

    Small figures about people are left out as on the page. `moved`: the count before, and the figures
    that it gave differently.
    """
    return Document(
        title=_("The record of %(year)s", year=outcomes.year),
        about=_("Every figure can be counted again from the records."),
        author=author,
        lang=lang,
        as_of=clock.today(),
        blocks=(
            *_tell_figures(outcomes, before),
            *_tell_programmes(outcomes, pictures),
            *_tell_certificates(outcomes),
            *_tell_counselling(outcomes, pictures),
            *_tell_ways(outcomes, pictures),
            *_tell_ideas(outcomes, pictures),
            *_tell_answers(outcomes, pictures),
            *_tell_definitions(),
            *_tell_count(outcomes, *moved),
        ),
    )


def _few(value: int | None) -> str:
    """A figure as it is printed; a hidden one in words."""
    return str(_("fewer than 5, or close to it")) if value is None else format_number(value)


def _signed(value: int | None) -> str:
    """A difference with its sign; a dash where there is nothing to compare with."""
    if value is None:
        return "–"
    return f"{value:+,}" if value else "0"


def _chart(svg: str, what: str) -> Picture:
    return Picture(svg, _("Chart: %(what)s", what=what))


def _tell_figures(outcomes: Outcomes, before: Outcomes | None) -> Iterator[Block]:
    yield Heading(_("The figures, beside the year before"))
    rows = tuple(
        (
            str(NAMES[each.name]),
            _few(each.now),
            _few(each.before) if before else "–",
            _signed(each.difference),
        )
        for each in compare_years(outcomes, before)
    )
    head = (_("Figure"), str(outcomes.year), str(outcomes.year - 1), _("Difference"))
    yield Grid(_("The year in figures"), head, rows, numeric=(1, 2, 3), widths=(4, 2, 2, 2))
    if before is None:
        year = outcomes.year - 1
        yield Paragraph(
            _("There are no records of %(year)s to compare with.", year=year), is_small=True
        )


def _tell_programmes(outcomes: Outcomes, pictures: Mapping[str, str]) -> Iterator[Block]:
    yield Heading(_("Participations by programme"))
    if "programmes" in pictures:
        yield _chart(pictures["programmes"], _("Participations by programme"))
    rows = [
        (
            localised(line, "title"),
            line.category,
            *(
                _few(outcomes.public_cell(kind, line.slug))
                for kind in ("records", "tallied", "programme")
            ),
            _few(outcomes.public_cell("certified", line.slug)),
        )
        for line in outcomes.per_programme
    ]
    named = outcomes.public_cell("category", "", "records")
    counted = outcomes.public_cell("category", "", "tallied")
    whole, certified = outcomes.public("participations"), outcomes.public_total("certified")
    rows.append((_("Sum"), "", _few(named), _few(counted), _few(whole), _few(certified)))
    head = (
        _("Programme"),
        _("Category"),
        _("With a name"),
        _("Counted only"),
        _("Together"),
        _("Certified"),
    )
    yield Grid(
        _("Participations by programme"),
        head,
        tuple(rows),
        numeric=(2, 3, 4, 5),
        widths=(5, 3, 2, 2, 2, 2),
    )


def _tell_certificates(outcomes: Outcomes) -> Iterator[Block]:
    if not outcomes.certificates:
        return
    yield Heading(_("Certificates by kind"))
    rows = tuple(
        (localised(kind, "name"), _few(outcomes.public_cell("kind", kind.name)))
        for kind in outcomes.certificates
    )
    yield Grid(
        _("Certificates by kind"),
        (_("Certificate"), _("People")),
        rows,
        numeric=(1,),
        widths=(4, 1),
    )


def _tell_counselling(outcomes: Outcomes, pictures: Mapping[str, str]) -> Iterator[Block]:
    if not outcomes.counselling_sessions:
        return
    yield Heading(_("Counselling sessions by quarter"))
    if "quarters" in pictures:
        yield _chart(pictures["quarters"], _("Counselling sessions by quarter"))
    names = (_("Q1"), _("Q2"), _("Q3"), _("Q4"))
    rows = tuple(
        (name, _few(outcomes.public_cell("quarter", str(number))))
        for number, name in enumerate(names, start=1)
    )
    head = (_("Quarter"), _("Sessions"))
    yield Grid(_("Counselling sessions by quarter"), head, rows, numeric=(1,), widths=(4, 1))
    yield Paragraph(_("No name is stored anywhere."), is_small=True)


def _tell_ways(outcomes: Outcomes, pictures: Mapping[str, str]) -> Iterator[Block]:
    if not any(line.ideas for line in outcomes.ways):
        return
    yield Heading(_("From programmes to answers"))
    if "ways" in pictures:
        yield _chart(pictures["ways"], _("From programmes to answers"))
    rows = tuple(
        (
            localised(line, "title"),
            _few(outcomes.public_cell("linked", line.slug)),
            *(format_number(getattr(line, step)) for step in line.STEPS),
            f"{line.promises_kept}/{line.promises_made}",
        )
        for line in outcomes.ways
    )
    head = (
        _("Programme"),
        _("Linked"),
        _("Ideas"),
        _("Published"),
        _("On the ballot"),
        _("Shortlisted"),
        _("Answered"),
        _("Taken up"),
        _("Promises kept"),
    )
    yield Grid(
        _("What grew out of programmes"),
        head,
        rows,
        numeric=tuple(range(1, 9)),
        widths=(5, 2, 2, 2, 2, 2, 2, 2, 2),
    )
    yield Paragraph(
        _(
            "Ideas of any campaign that name the programme; each idea of a family counts by itself. Answers also "
            "go to ideas with enough supporters."
        ),
        is_small=True,
    )


def _tell_ideas(outcomes: Outcomes, pictures: Mapping[str, str]) -> Iterator[Block]:
    if not outcomes.ideas_by_field:
        return
    yield Heading(_("How far the ideas of each field came"))
    if "fields" in pictures:
        yield _chart(pictures["fields"], _("How far the ideas of each field came"))
    rows = tuple(
        (
            localised(line, "name"),
            *(
                format_number(number)
                for number in (
                    line.submitted,
                    line.published,
                    line.on_ballot,
                    line.shortlisted,
                    line.answered,
                    line.done,
                )
            ),
        )
        for line in outcomes.ideas_by_field
    )
    head = (
        _("Field"),
        _("Submitted"),
        _("Published"),
        _("On the ballot"),
        _("Shortlisted"),
        _("Answered"),
        _("Done"),
    )
    yield Grid(
        _("Ideas by field"), head, rows, numeric=(1, 2, 3, 4, 5, 6), widths=(3, 2, 2, 2, 2, 2, 2)
    )
    yield Paragraph(_("Here each idea of a family counts by itself."), is_small=True)


def _tell_answers(outcomes: Outcomes, pictures: Mapping[str, str]) -> Iterator[Block]:
    if not outcomes.answers_by_department:
        return
    yield Heading(_("Official answers by department"))
    if "departments" in pictures:
        yield _chart(pictures["departments"], _("Official answers by department"))
    rows = tuple(
        (line.name or _("not named"), format_number(line.answered), format_number(line.on_time))
        for line in outcomes.answers_by_department
    )
    head = (_("Department"), _("Answered"), _("In time"))
    yield Grid(_("Official answers by department"), head, rows, numeric=(1, 2), widths=(4, 2, 2))


def _tell_definitions() -> Iterator[Block]:
    yield Heading(_("How these figures were counted"))
    yield Facts(tuple((str(NAMES[name]), str(DEFINITIONS[name])) for name in DEFINITIONS))


def _tell_count(
    outcomes: Outcomes, before: ReportRun | None, moved: Sequence[Moved]
) -> Iterator[Block]:
    yield Heading(_("Check it yourself"))
    if before is not None:
        at = format_instant(before.counted_at)
        yield Paragraph(_("The count before this one was at %(at)s.", at=at))
        for each in moved:
            told = f": {each.was:,} → {each.now:,} ({each.by:+,})"
            yield Paragraph(
                f"{NAMES[each.name]}{told if may_tell(each, outcomes) else ''}", is_small=True
            )
        if not moved:
            yield Paragraph(_("No figure has moved since."), is_small=True)
    yield Paragraph(_("Fingerprint of the counted records (SHA-256)"))
    yield Code(outcomes.input_digest)
