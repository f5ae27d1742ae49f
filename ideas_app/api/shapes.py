"""The bases of every shape that goes out or comes in. A shape's class name is its name in the document.

Must not know any operation.
"""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, fields

from ideas_app.api.fields import Whole, Words

PAGE, PAGE_MOST = 20, 100
"""Entries of a page where the program says nothing, and at most."""


class Shape(Schema):
    """A part of an answer: whole and stable. Every field is there each time, null where there is nothing."""

    class Meta:
        """Open at the end: a field may be added, and readers pass over what they do not know."""

        unknown = EXCLUDE

    def on_bind_field(self, field_name: str, field_obj: Any) -> None:
        """Every field is promised."""
        del field_name
        field_obj.required = True


class Body(Schema):
    """What a program sends as JSON. A field that is not named is refused, never passed over."""

    error_messages = {  # noqa: RUF012  # read by marshmallow as a class attribute
        "unknown": "unknown_field",
        "type": "not_an_object",
    }

    class Meta:
        """Nothing unknown."""

        unknown = RAISE


class Query(Body):
    """What a program asks for in the address."""


class Nothing(Query):
    """The query of an operation that takes none."""


class Paged(Query):
    """A list that comes in pages."""

    cursor = Words(most=1200, metadata={"description": "`next` of the page before, as it was."})
    limit = Whole(
        most=PAGE_MOST,
        in_address=True,
        load_default=PAGE,
        metadata={"description": "How many entries a page holds at most."},
    )


def address(**more: Any) -> fields.String:
    """An address of the web, whole."""
    return fields.String(metadata={"format": "uri", **more.pop("metadata", {})}, **more)


def one_of(shape: type[Shape] | Shape, **more: Any) -> fields.Nested:
    """A shape within another; `allow_none=True` where it may be missing."""
    return fields.Nested(shape, **more)


def many_of(shape: type[Shape] | Shape, **more: Any) -> fields.List[Any]:
    """A list of shapes within another."""
    return fields.List(fields.Nested(shape), **more)


def page_of(shape: type[Shape], name: str) -> type[Shape]:
    """The shape of a page of a list, under its name."""
    items = fields.List(fields.Nested(shape))
    after = fields.String(
        allow_none=True,
        metadata={"description": "The cursor of the next page; null at the end."},
    )
    parts = {"items": items, "next": after, "__doc__": f"A page of a list of {shape.__name__}."}
    made: type[Shape] = type(name, (Shape,), parts)
    return made
