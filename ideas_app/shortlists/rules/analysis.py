"""Everything a page tells of a computed list beyond the list: how firm, how near, by which rule.

Takes the frozen ballots and the question, gives plain JSON: the same ballots give the same bytes on
any machine. Must not know texts, nor where the answer is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.shortlists.rules.auditing import audit
from ideas_app.shortlists.rules.election import compare, shortlist
from ideas_app.shortlists.rules.explanations import explain
from ideas_app.shortlists.rules.resampling import judge_firmness, stability
from ideas_app.shortlists.rules.results import Completion, Rule, to_plain
from ideas_app.shortlists.rules.shortfall import margins

if TYPE_CHECKING:
    from collections.abc import Callable

    from ideas_app.shortlists.rules.ballots import Ballots

RUNS = 200
"""Resamplings for the stability of each idea."""
NEAREST = 10
"""So many of those that just missed have their margin measured."""
SPREAD = 5
"""The list is also computed for up to so many seats fewer and more."""


def seed_of(digest: str) -> int:
    """The seed of the resampling: the first 8 digits of the file's SHA-256, read as a number.

    So nobody can choose it, and everybody who has the file knows it.
    """
    return int(digest[:8], 16)


def analyse(
    b: Ballots,
    seats: int,
    rule: str,
    completion: str,
    *,
    tell: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """The analysis of the list of `seats` ideas, as plain JSON with fractions as "n/d".

    `seed` and `runs` of the resampling; `stability` (share of the runs) and `firmness` of each
    idea; `margins` of the nearest `NEAREST` off the list, nearest first; `sentences` for each idea;
    `completion` of equal shares, `rules` and `matrix` (places by rule, those first on which this list
    and plain counting differ); `by_seats`, the list and the voters covered for other numbers
    of seats. `tell(percent)` is called as it goes on. Raises `TallyError` as `shortlist`.
    """
    result = shortlist(b, seats, rule, completion)
    seed = seed_of(b.digest)
    near = margins(b, result, NEAREST, tell=_between(tell, 0, 20))
    shares = stability(
        b,
        seats,
        rule,
        seed=seed,
        runs=RUNS,
        completion=completion,
        tell=_between(tell, 20, 90),
    )
    firmness = {
        idea: judge_firmness(
            is_listed=idea in result.winners,
            share=share,
            votes_short=near[idea].votes_short if idea in near else None,
            n=result.n,
        )
        for idea, share in shares.items()
    }
    found: dict[str, Any] = to_plain(
        {
            "seed": seed,
            "runs": RUNS,
            "stability": shares,
            "firmness": firmness,
            "margins": [{"idea": idea, "margin": margin} for idea, margin in near.items()],
            "sentences": explain(b, result, near, shares),
        }
    )
    question = (b, result.rule, seats, completion)
    return found | _compare_rules(*question) | _vary_seats(*question)


def _between(
    tell: Callable[[int], None] | None, start: int, end: int
) -> Callable[[int, int], None] | None:
    """Turns so many of so many into per cent of the whole analysis."""
    if tell is None:
        return None
    return lambda done, of: tell(start + (end - start) * done // (of or 1))


def _compare_rules(b: Ballots, rule: Rule, seats: int, completion: str) -> dict[str, Any]:
    # a round by another rule has no completion of its own: equal shares stand beside it as by default
    used = Completion(completion) if rule is Rule.MES else Completion.PHRAGMEN
    table = compare(b, seats, completion=used)
    ours, plain = table.rules.index(rule), table.rules.index(Rule.APPROVAL)

    def is_agreed(row: tuple[str, tuple[int | None, ...]]) -> bool:
        return (row[1][ours] is None) == (row[1][plain] is None)

    rows = sorted(table.rows, key=is_agreed)
    return {
        "completion": used.value,
        "rules": to_plain(table.rules),
        "matrix": [{"idea": idea, "places": list(places)} for idea, places in rows],
    }


def _vary_seats(b: Ballots, rule: Rule, seats: int, completion: str) -> dict[str, Any]:
    lists = []
    for k in range(max(1, seats - SPREAD), min(len(b.ideas), seats + SPREAD) + 1):
        winners = shortlist(b, k, rule, completion).winners
        covered = audit(b, winners, k).covered
        lists.append({"seats": k, "winners": list(winners), "covered": covered})
    return {"by_seats": lists}
