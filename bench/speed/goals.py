"""The goals, and whether figures meet them. Pure: must not know how anything is measured.

Numbers are those of issue 9. A figure that was not taken is None, and its line says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Figures = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Goal:
    """One line: `at_least` or `at_most` a number, in a unit; `key` names the figure."""

    number: int
    what: str
    key: str
    needed: float
    unit: str = "%"
    at_least: bool = False

    @property
    def needs(self) -> str:
        """What is needed, in words."""
        return f"{'>=' if self.at_least else '<='} {show(self.needed, self.unit)}"

    @property
    def told_at(self) -> str:
        """The heading of docs/performance.md under which it is told what the figure is made of."""
        return _SECTIONS[self.number]

    def is_met(self, figure: float) -> bool:
        """Whether a figure is good enough."""
        return figure >= self.needed if self.at_least else figure <= self.needed


@dataclass(frozen=True, slots=True)
class Line:
    """A goal beside its figure."""

    goal: Goal
    figure: float | None

    @property
    def is_missed(self) -> bool:
        """Whether it was measured and is not met."""
        return self.figure is not None and not self.goal.is_met(self.figure)

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.figure is None:
            return "not measured"
        return "**missed**" if self.is_missed else "met"


def show(number: float, unit: str) -> str:
    """A number with its unit, with as many digits as mean something."""
    if unit in {"", "statements"}:
        return f"{number:,.0f} {unit}".strip()
    text = f"{number:,.0f}" if abs(number) >= 100 or unit == "%" else f"{number:,.2f}"
    return f"{text} {unit}".replace(" x", "x")


_LIST = "the-list-of-ideas-and-what-every-page-shares"
_IDEA = "the-page-of-an-idea-and-the-front-page"
_ACTS = "supports-and-other-acts"
_SERVER = "processes-memory-and-start"
_SEARCH = "search-among-a-million-ideas"
_LARGE = "large-files-and-shortlists"
_SECTIONS = {
    **dict.fromkeys((1, 2, 3), _LIST),
    **dict.fromkeys((4,), _IDEA),
    **dict.fromkeys((5, 6, 7, 14), _ACTS),
    **dict.fromkeys((8,), _SEARCH),
    **dict.fromkeys((9, 10, 13), _SERVER),
    **dict.fromkeys((11, 12), _LARGE),
}

GOALS: Sequence[Goal] = (
    Goal(1, "list of 20 rows, anonymous, nothing cached, of R", "list", 45, at_least=True),
    Goal(2, "the same page, unchanged since the last visitor, of R", "same", 200, at_least=True),
    Goal(2, "the same page, asked for with its ETag (304), of R", "etag", 230, at_least=True),
    Goal(3, "list, signed in, own supports shown, of R", "signed", 35, at_least=True),
    Goal(4, "idea page with 50 comments, anonymous, nothing cached, of R", "lively", 30, at_least=True),
    Goal(5, "support with session, token, rules, log and counter, of V", "support", 45, at_least=True),
    Goal(6, "all supports on one idea, of those spread over 10,000", "hot", 80, at_least=True),
    Goal(7, "statements of the list", "statements list", 3, "statements"),
    Goal(7, "statements of the list in its usual order", "statements list, usual order", 3, "statements"),
    Goal(7, "statements of the list, signed in", "statements list, signed in", 3, "statements"),
    Goal(7, "statements of an idea page", "statements idea page", 6, "statements"),
    Goal(7, "statements of a search", "statements search", 4, "statements"),
    Goal(7, "statements of a support", "statements support", 6, "statements"),
    Goal(7, "statements of sending an idea", "statements submit", 12, "statements"),
    Goal(8, "growth of the list's CPU", "growth list", 1.3, "x"),
    Goal(8, "growth of any page by cursor", "growth pages", 1.3, "x"),
    Goal(8, "growth of an idea page", "growth idea", 1.3, "x"),
    Goal(8, "growth of a support", "growth support", 1.3, "x"),
    Goal(8, "growth of a search", "growth search", 3, "x"),
    Goal(8, "similar ideas among 100,000, CPU", "similar", 50, "ms"),
    Goal(9, "p99 to p50 of reads at 16 connections, made anew, the worst kind", "tail of reads", 4, "x"),
    Goal(9, "the same of pages that were kept", "tail of kept", 4, "x"),
    Goal(9, "p99 to p50 of writes at 16 connections, the worst kind", "tail of writes", 6, "x"),
    Goal(9, "longest answer", "longest", 1000, "ms"),
    Goal(9, "requests refused or broken", "refused", 0, ""),
    Goal(9, "growth of memory over the mixed load", "memory growth", 10),
    Goal(10, "memory of two server processes (PSS)", "memory", 180, "MiB"),
    Goal(11, "roster of 50,000 rows (XLSX) read", "roster seconds", 60, "s"),
    Goal(11, "memory of that at most", "roster memory", 300, "MiB"),
    Goal(11, "100,000 ideas to XLSX", "export seconds", 60, "s"),
    Goal(11, "memory of that beyond the same of 1,000 ideas", "export memory", 64, "MiB"),
    Goal(12, "shortlist of 66,045 ballots x 163, the slowest rule", "shortlist city", 2, "s"),
    Goal(12, "1,000,000 ballots x 2,000, the slowest rule", "shortlist million", 60, "s"),
    Goal(12, "memory of that at most", "shortlist memory", 2048, "MiB"),
    Goal(13, "start with a filled database to the first answer", "start", 3, "s"),
    Goal(13, "clean clone to the first page, demo included", "clean clone", 120, "s"),
    Goal(14, "counters and supports that are not their rows", "wrong counters", 0, ""),
)  # fmt: skip


def judge(figures: Figures) -> list[Line]:
    """Every goal beside its figure, in the order of the goals."""
    return [Line(goal, figures.get(goal.key)) for goal in GOALS]
