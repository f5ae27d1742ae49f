"""A bundle as a file: tables as CSV and JSON, their description after the Data Package standard, a README, sums.

Source of the description: datapackage.org, version 2 (resources, table schema, table dialect). The same
tables and the same day give the same bytes. Pure.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ideas_app.adapters.formats import AS_OF_TITLES
from ideas_app.adapters.formats.csv import write_csv
from ideas_app.adapters.formats.json import write_json
from ideas_app.opendata.rules.readme import write_readme
from ideas_app.opendata.rules.tables import TABLES, VOTES
from ideas_app.opendata.rules.words import WORDS, worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ideas_app.adapters.formats import Column, Language
    from ideas_app.opendata.rules.licences import Licence
    from ideas_app.opendata.rules.tables import Table

    Rows = Mapping[str, Sequence[Mapping[str, Any]]]

SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
LAYOUT = 1
"""Grows with every change of what a bundle looks like, so that kept ones are made anew."""
_TYPES = {"int": "integer", "decimal": "number", "date": "date", "bool": "boolean"}
_MEDIA = {"csv": "text/csv", "json": "application/json", "pb": "text/plain", "md": "text/markdown"}
_KEPT_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of every member of the ZIP file: the earliest that the format knows."""


@dataclass(frozen=True, slots=True)
class About:
    """What a bundle says of itself. `provider`: who publishes; `home`: the campaign's page; `words_ko` and
    `words_en`: by column, each code with its word.
    """

    name: str
    title: str
    lang: Language
    as_of: date
    provider: str
    site: str
    base: str
    home: str
    licence: Licence
    words_ko: dict[str, dict[str, str]]
    words_en: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One file of a bundle: `table` is empty for a file that is none, `rows` counts below the header."""

    path: str
    table: str
    size: int
    digest: str
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Package:
    """A finished bundle."""

    content: bytes
    files: list[PackedFile]

    @property
    def digest(self) -> str:
        """SHA-256 of the ZIP file, in hex."""
        return sha256(self.content).hexdigest()

    @property
    def plain_files(self) -> list[dict[str, Any]]:
        """The files as they are kept."""
        return [asdict(one) for one in self.files]


def digest_of(about: About, rows: Rows, ballots: str) -> str:
    """SHA-256, in hex, of all that a bundle says but its day."""
    # the ballots stand in their own text already
    plain = {name: list(listed) for name, listed in rows.items() if name != VOTES.name}
    head = asdict(about) | {"as_of": ""}
    said = json.dumps([LAYOUT, head, plain], default=str, ensure_ascii=False, sort_keys=True)
    return sha256(f"{said}\n{ballots}".encode()).hexdigest()


def pack(about: About, rows: Rows, ballots: str) -> Package:
    """The bundle of the tables that are there. `ballots`: the Pabulib text, empty where it is not public."""
    held = [table for table in TABLES if table.name in rows]
    names = {table.name for table in held}
    members: dict[str, bytes] = {}
    files: list[PackedFile] = []

    def add(path: str, content: bytes, table: str = "", count: int = 0) -> PackedFile:
        members[path] = content
        made = PackedFile(path, table, len(content), sha256(content).hexdigest(), count)
        files.append(made)
        return made

    resources = []
    for table in held:
        listed = rows[table.name]
        has_codes = any(column.key in WORDS for column in table.columns)
        # a city's ballots are half a million rows without a code: they are not copied
        spoken = [worded(row) for row in listed] if has_codes else listed
        sheet = b"".join(write_csv(table.columns, spoken, lang=about.lang, as_of=about.as_of))
        made = add(f"csv/{table.name}.csv", sheet, table.name, len(listed))
        resources.append(_csv_resource(table, made, about.lang, names))
        head = {"table": table.name, "title": table.title(about.lang)}
        lines = write_json(table.columns, listed, lang=about.lang, as_of=about.as_of, about=head)
        made = add(f"json/{table.name}.json", b"".join(lines), table.name, len(listed))
        resources.append(_json_resource(table, made, about, names))
    if ballots:
        made = add("ballots.pb", ballots.encode())
        resources.append(_plain_resource("ballots-pabulib", made))
    add("README.md", write_readme(about, held, has_ballots=bool(ballots)).encode())
    add("datapackage.json", _dump(_descriptor(about, resources)))
    sums = "".join(f"{one.digest}  {one.path}\n" for one in sorted(files, key=lambda one: one.path))
    add("SHA256SUMS", sums.encode())
    return Package(_zip(members), files)


def unpack(content: bytes, path: str) -> bytes:
    """One file of a bundle. Raises `KeyError` where there is none of that path."""
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        return bundle.read(path)


def media_type_of(path: str) -> str:
    """The content type of a file by its ending."""
    ending = path.rpartition(".")[2]
    return f"{_MEDIA.get(ending, 'text/plain')}; charset=utf-8"


def _zip(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bundle:
        for path in sorted(members):
            member = zipfile.ZipInfo(path, _KEPT_TIME)
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            member.create_system = 3
            bundle.writestr(member, members[path], compresslevel=9)
    return target.getvalue()


def _dump(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _descriptor(about: About, resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "$schema": SCHEMA,
        "name": f"{about.name}-{about.lang}",
        "title": about.title,
        "description": f"{about.provider} · {about.site}",
        "homepage": about.home,
        "version": about.as_of.isoformat(),
        "created": f"{about.as_of.isoformat()}T00:00:00Z",
        "licenses": [
            {
                "name": about.licence.name,
                "path": about.licence.path,
                "title": about.licence.title(about.lang),
            }
        ],
        "sources": [{"title": about.site, "path": about.base}],
        "contributors": [{"title": about.provider, "roles": ["publisher"]}],
        "keywords": ["청년정책", "youth policy", "participation"],
        "resources": resources,
    }


def _plain_resource(name: str, made: PackedFile) -> dict[str, Any]:
    ending = made.path.rpartition(".")[2]
    return {
        "name": name,
        "path": made.path,
        "format": ending,
        "mediatype": _MEDIA[ending],
        "encoding": "utf-8",
        "bytes": made.size,
        "hash": f"sha256:{made.digest}",
    }


def _csv_resource(
    table: Table, made: PackedFile, lang: Language, names: set[str]
) -> dict[str, Any]:
    """The sheet: fields are called as in its header, references go to sheets."""
    titles = {column.key: column.title(lang) for column in table.columns}
    fields = [_field(column, column.title(lang), lang) for column in table.columns]
    as_of = {"name": AS_OF_TITLES[lang], "type": "date", "description": AS_OF_TITLES[lang]}
    return {
        **_plain_resource(table.name.replace("_", "-"), made),
        "type": "table",
        "title": table.title(lang),
        "description": table.about(lang),
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "header": True},
        "schema": {
            "fields": [*fields, as_of],
            **_keys(table, titles, names, lang),
        },
    }


def _json_resource(table: Table, made: PackedFile, about: About, names: set[str]) -> dict[str, Any]:
    """The same rows under `items`: fields are called by the keys that never change, codes are listed."""
    keys = {column.key: column.key for column in table.columns}
    fields = []
    for column in table.columns:
        described = _field(column, column.key, about.lang)
        if column.key in about.words_en:
            described["constraints"] = {"enum": list(about.words_en[column.key])}
        fields.append(described)
    return {
        **_plain_resource(f"{table.name.replace('_', '-')}-json", made),
        "type": "table",
        "title": table.title(about.lang),
        "description": table.about(about.lang),
        "dialect": {"property": "items"},
        "schema": {"fields": fields, **_keys(table, keys, names, about.lang, ending="-json")},
    }


def _field(column: Column, name: str, lang: Language) -> dict[str, Any]:
    return {
        "name": name,
        "title": column.title(lang),
        "type": _TYPES.get(column.kind, "string"),
        "description": column.definition(lang),
    }


def _keys(
    table: Table, names: dict[str, str], held: set[str], lang: Language, *, ending: str = ""
) -> dict[str, Any]:
    """The primary key and those of other tables that are in the bundle too. `names`: of fields, by column."""
    found: dict[str, Any] = {"missingValues": [""]}
    if table.key:
        found["primaryKey"] = [names[key] for key in table.key]
    links = [
        {
            "fields": [names[link.column]],
            "reference": {
                "resource": link.table.replace("_", "-") + ending,
                "fields": [link.target if ending else _title_in(link.table, link.target, lang)],
            },
        }
        for link in table.links
        if link.table in held
    ]
    return found | ({"foreignKeys": links} if links else {})


def _title_in(table: str, column: str, lang: Language) -> str:
    """How a column of another table is called in its sheet."""
    found = next(one for one in TABLES if one.name == table)
    return next(one.title(lang) for one in found.columns if one.key == column)
