"""A reader of Data Packages written from the standard alone: it knows nothing of the code that makes them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date
from hashlib import sha256
from typing import Any

_READ = {
    "string": str,
    "integer": int,
    "number": float,
    "date": date.fromisoformat,
    "boolean": lambda text: {"Y": True, "N": False}[text],
}
_NAME = re.compile(r"^[-a-z0-9._/]+$")


class Bundle:
    """A ZIP file with a `datapackage.json` in it."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            assert opened.testzip() is None
            self.members = {name: opened.read(name) for name in opened.namelist()}
        self.package = json.loads(self.members["datapackage.json"])
        self.resources = {one["name"]: one for one in self.package["resources"]}

    def text(self, path: str) -> str:
        return self.members[path].decode("utf-8-sig")

    def items(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table as JSON has them."""
        found: list[dict[str, Any]] = json.loads(self.text(f"json/{table}.json"))["items"]
        return found

    def rows(self, resource: dict[str, Any]) -> list[dict[str, Any]]:
        """The rows of a resource with values of their types. Raises where a value is not of its type."""
        fields = {one["name"]: one for one in resource["schema"]["fields"]}
        if resource["format"] == "json":
            items = json.loads(self.text(resource["path"]))[resource["dialect"]["property"]]
            return [{name: _plain(row[name], fields[name]) for name in fields} for row in items]
        lines = list(csv.reader(io.StringIO(self.text(resource["path"]), newline="")))
        assert lines[0] == list(fields)
        missing = resource["schema"]["missingValues"]
        return [
            {
                name: None if cell in missing else _READ[fields[name]["type"]](cell)
                for name, cell in zip(fields, line, strict=True)
            }
            for line in lines[1:]
        ]

    def check(self) -> None:
        """Everything that the standard asks of a package, and that its sums are right."""
        assert self.package["$schema"].startswith("https://datapackage.org/profiles/2")
        assert self.package["licenses"][0]["path"].startswith("https://")
        assert len(self.resources) == len(self.package["resources"])
        for one in self.resources.values():
            assert _NAME.match(one["name"]), one["name"]
            content = self.members[one["path"]]
            assert one["bytes"] == len(content)
            assert one["hash"] == f"sha256:{sha256(content).hexdigest()}"
        tables = {name: self.rows(one) for name, one in self.resources.items() if "schema" in one}
        for name, rows in tables.items():
            self._check_keys(name, rows, tables)
        sums = dict(reversed(line.split("  ")) for line in self.text("SHA256SUMS").splitlines())
        assert sums.keys() == self.members.keys() - {"SHA256SUMS"}
        for path, said in sums.items():
            assert sha256(self.members[path]).hexdigest() == said

    def _check_keys(
        self, name: str, rows: list[dict[str, Any]], tables: dict[str, list[dict[str, Any]]]
    ) -> None:
        schema = self.resources[name]["schema"]
        key = schema.get("primaryKey")
        if key:
            named = [tuple(row[one] for one in key) for row in rows]
            assert len(named) == len(set(named)), f"{name}: two rows of one key"
            assert all(None not in one for one in named), f"{name}: a row without its key"
        for link in schema.get("foreignKeys", ()):
            (here,), (there,) = link["fields"], link["reference"]["fields"]
            known = {row[there] for row in tables[link["reference"]["resource"]]}
            asked = {row[here] for row in rows} - {None}
            assert asked <= known, f"{name}.{here} names what is not there: {asked - known}"


def _plain(value: Any, field: dict[str, Any]) -> Any:
    if value is None or value == "":
        return None
    kinds = {"integer": int, "number": (int, float), "boolean": bool}
    assert isinstance(value, kinds.get(field["type"], str)), (field["name"], value)
    if field["type"] == "date":
        return date.fromisoformat(value)
    assert value in field.get("constraints", {}).get("enum", [value])
    return value
