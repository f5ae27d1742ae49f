"""The verbs of search: which words mean the same, and writing the index anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.adapters import fulltext
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Invalid
from ideas_app.search import policy
from ideas_app.search.rules import cleaned_group, find_fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from ideas_app.core.actor import Actor


def save_group(
    actor: Actor, words: str, group: fulltext.SynonymGroup | None = None
) -> fulltext.SynonymGroup:
    """Adds a group of words that mean the same, or changes one. Every search heeds it from the next one on.

    Raises `Refused`, `Invalid` (field `words`).
    """
    policy.may_edit_synonyms(actor).require()
    words = cleaned_group(words)
    fault = find_fault(words)
    if fault is not None:
        raise Invalid(fault)
    before = group.words if group else ""
    if group is None:
        group = fulltext.SynonymGroup(words=words, changed_at=clock.now())
        session().add(group)
    elif before != words:
        group.words = words
        group.changed_at = clock.now()
    session().flush()
    if before != words:
        diff = {"words": [before, words]}
        audit.record(actor, Tag.SYNONYMS_CHANGED, "synonym_group", group.id, diff=diff)
    return group


def remove_group(actor: Actor, group: fulltext.SynonymGroup) -> None:
    """Takes a group away. Raises `Refused`."""
    policy.may_edit_synonyms(actor).require()
    diff = {"words": [group.words, ""]}
    audit.record(actor, Tag.SYNONYMS_CHANGED, "synonym_group", group.id, diff=diff)
    session().delete(group)
    session().flush()


def rebuild(progress: Callable[[str, int], None]) -> dict[str, int]:
    """Writes the whole index anew from the rows; how many rows of each kind. Call it in a transaction.

    `progress` hears the kind and the number of rows so far.
    """
    done: dict[str, int] = {}
    for followed in fulltext.list_followed():
        done[followed.kind] = 0
        for number in fulltext.rebuild(followed):
            done[followed.kind] = number
            progress(followed.kind, number)
    return done


def tidy_index() -> int:
    """Moves old texts into the blocks of the index and takes out what is stale; how many texts were touched.

    Step by step, each in a transaction of its own, so that no writer waits longer than for one of them. For one
    worker at a time.
    """
    touched = 0
    while True:
        with transaction():
            number = fulltext.tidy()
        if not number:
            return touched
        touched += number
