"""Every place that leads to a person is spoken for by its room, and download and deletion follow that register."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ideas_app.core import personal
from ideas_app.core.columns import Base

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Column

PEOPLE = {"account", "person", "participation"}
SPEAKING = re.compile(
    r"^(account_id|person_id|participation_id|actor_id|voter_key)$|_(by|editor_id)$"
)
"""Names that say so without a foreign key."""


def leads_to_a_person(column: Column[object]) -> bool:
    targets = {key.target_fullname.split(".")[0] for key in column.foreign_keys}
    return bool(targets & PEOPLE) or SPEAKING.search(column.name) is not None


def known_places() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
    }


def test_every_column_that_leads_to_a_person_is_declared_by_its_room(app: Flask) -> None:
    declared = set(personal.places())
    silent = sorted(
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if leads_to_a_person(column) and f"{table.name}.{column.name}" not in declared
    )
    assert not silent, (
        f"{silent}: say in ideas_app/<room>/personal.py what is kept there, how the person reads it and what "
        "becomes of it when they leave (a Holding), or that it is only a number (a Trace)"
    )


def test_nothing_is_declared_that_does_not_exist_or_twice(app: Flask) -> None:
    places = personal.places()
    assert set(places) <= known_places()
    assert len(places) == len(set(places))
    keys = [holding.key for holding in personal.holdings()]
    assert len(keys) == len(set(keys))
