"""What open data looks like: tables, their description, the bundle as a file, names, licences. Pure."""

from __future__ import annotations

from ideas_app.opendata.rules.cards import CardText, describe_card
from ideas_app.opendata.rules.licences import LICENCES, Licence
from ideas_app.opendata.rules.names import file_name
from ideas_app.opendata.rules.package import (
    About,
    Package,
    PackedFile,
    digest_of,
    media_type_of,
    pack,
    unpack,
)
from ideas_app.opendata.rules.tables import TABLES, Table
from ideas_app.opendata.rules.words import WORDS, worded

__all__ = [
    "LICENCES",
    "TABLES",
    "WORDS",
    "About",
    "CardText",
    "Licence",
    "Package",
    "PackedFile",
    "Table",
    "describe_card",
    "digest_of",
    "file_name",
    "media_type_of",
    "pack",
    "unpack",
    "worded",
]
