"""The document as people read it: each operation with its parameters, an example to copy, its faults; the shapes.

All of it comes out of the document, so that the page never says something else. Must not know any operation.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Iterator

METHODS = ("get", "post", "put", "patch", "delete")
_SHAPES = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Part:
    """A parameter, or a field of a shape: `kind` in words, `shapes` the names of the shapes in it."""

    name: str
    kind: str
    is_needed: bool
    text: str
    place: str = ""
    """`path`, `query` or `header` for a parameter."""
    shapes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Faults:
    """The codes of one status, each with its meaning."""

    status: int
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An operation as it is shown."""

    name: str
    method: str
    path: str
    summary: str
    text: str
    permission: str
    scope: str
    parameters: tuple[Part, ...]
    body: tuple[Part, ...]
    curl: str
    status: int
    answer: str
    """The example answer; empty where there is none."""
    shape: str
    """Name of the answer's shape, or empty."""
    faults: tuple[Faults, ...]


def operations(document: dict[str, Any]) -> dict[str, list[Told]]:
    """Every operation under its tag, reads before acts, in the order of addresses."""
    found: dict[str, list[Told]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                told = methods[method]
                shared = methods.get("parameters", [])
                found[told["tags"][0]].append(_told(document, path, method, told, shared))
    return found


def shapes(document: dict[str, Any]) -> dict[str, tuple[str, list[Part]]]:
    """Every shape by its name: what it is, and its fields."""
    return {
        name: (schema.get("description", ""), list(_fields(schema)))
        for name, schema in document["components"]["schemas"].items()
        if "properties" in schema
    }


def codes(document: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Every code with its status and meaning, by status."""
    known = ((code, each["status"], each["meaning"]) for code, each in document["x-codes"].items())
    return sorted(known, key=lambda each: (each[1], each[0]))


def _told(
    document: dict[str, Any],
    path: str,
    method: str,
    told: dict[str, Any],
    shared: list[dict[str, Any]],
) -> Told:
    parameters = [*shared, *told["parameters"]]
    good = next(status for status in told["responses"] if int(status) < 300)
    content: dict[str, Any] = next(iter(told["responses"][good].get("content", {}).values()), {})
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Told(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        text=told.get("description", ""),
        permission=told["x-permission"],
        scope=told["x-scope"],
        parameters=tuple(_parameter(each) for each in parameters),
        body=tuple(_fields(_resolved(document, body["schema"]))) if body else (),
        curl=_curl(document, path, method, told, parameters, body.get("example")),
        status=int(good),
        answer=_written(content.get("example")),
        shape=content.get("schema", {}).get("$ref", "").removeprefix(_SHAPES),
        faults=tuple(_faults(document, told)),
    )


def _faults(document: dict[str, Any], told: dict[str, Any]) -> Iterator[Faults]:
    known = document["x-codes"]
    for status in sorted(told["responses"], key=int):
        if int(status) >= 400:
            named = told["responses"][status]["x-codes"]
            yield Faults(int(status), tuple((code, known[code]["meaning"]) for code in named))


def _parameter(given: dict[str, Any]) -> Part:
    kind, named = _kind(given["schema"])
    text = given.get("description") or given["schema"].get("description", "")
    return Part(given["name"], kind, given.get("required", False), text, given["in"], named)


def _fields(schema: dict[str, Any]) -> Iterator[Part]:
    needed = schema.get("required", [])
    for name, inner in schema.get("properties", {}).items():
        kind, named = _kind(inner)
        yield Part(name, kind, name in needed, inner.get("description", ""), shapes=named)


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").removeprefix(_SHAPES)
    found: dict[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


def _kind(schema: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """What stands there in a few words, and the shapes that it names."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_SHAPES)
        return name, (name,)
    for several in ("anyOf", "allOf", "oneOf"):
        if several in schema:
            parts = [_kind(each) for each in schema[several]]
            return " | ".join(part for part, _ in parts), tuple(n for _, ns in parts for n in ns)
    if schema.get("type") == "array":
        inner, named = _kind(schema.get("items", {}))
        return f"[{inner}]", named
    kinds = schema.get("type", "any")
    written = " | ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if schema.get("format"):
        written += f" ({schema['format']})"
    bounds = [str(schema[name]) for name in ("minimum", "maximum") if name in schema]
    if len(bounds) == 2:
        written += f" {bounds[0]}–{bounds[1]}"
    if "enum" in schema:
        written += ": " + ", ".join(
            "null" if each is None else str(each) for each in schema["enum"]
        )
    return written, ()


def _curl(
    document: dict[str, Any],
    path: str,
    method: str,
    told: dict[str, Any],
    parameters: list[dict[str, Any]],
    body: Any,
) -> str:
    """A line for a terminal; `$TOKEN` is the reader's own."""
    query = {}
    for each in parameters:
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", quote(str(each.get("example", 1)), safe=""))
        elif each["in"] == "query" and "example" in each:
            query[each["name"]] = each["example"]
    address = document["servers"][0]["url"].rstrip("/") + path
    if query:
        address += "?" + urlencode(query, quote_via=quote)
    parts = ["curl"] if method == "get" else ["curl", "-X", method.upper()]
    if told["x-permission"] != "public":
        parts.append('-H "Authorization: Bearer $TOKEN"')
    if method == "post":
        parts.append('-H "Idempotency-Key: $(uuidgen)"')
    if body is not None:
        parts.append("-H 'Content-Type: application/json'")
        parts.append("-d " + shlex.quote(json.dumps(body, ensure_ascii=False)))
    return " ".join([*parts, shlex.quote(address)])


def _written(example: Any) -> str:
    if example is None:
        return ""
    return (
        example if isinstance(example, str) else json.dumps(example, ensure_ascii=False, indent=2)
    )
