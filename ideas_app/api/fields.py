"""Fields of what programs send: strict about kinds, and each fault a stable code with words for people.

A fault travels through marshmallow as text, `code|value|value`; `faults_of` makes it one of the house. Must not
know any operation, nor what the services judge by.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError, fields, validate

from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from enum import StrEnum

    from flask_babel import LazyString

_WORDS: dict[str, LazyString] = {
    "required": _l("This field is needed."),
    "null": _l("This field cannot be null."),
    "unknown_field": _l("There is no such field here. The documentation names those there are."),
    "not_an_object": _l("A JSON object is expected here."),
    "not_text": _l("Text is expected here."),
    "not_a_number": _l("A whole number is expected here."),
    "not_a_truth": _l("true or false is expected here."),
    "not_a_list": _l("A list is expected here."),
    "not_a_date": _l("A date is expected here, as in 2026-03-05."),
    "bad_characters": _l("There are control characters or broken letters in this text."),
    "repeated": _l("This may stand here only once."),
    "cursor": _l("This is no cursor of this list. Take next from the answer before, as it is."),
}
_INVALID = _l("This value cannot be taken.")
_NUMBER = re.compile(r"-?[0-9]{1,10}")
_LARGEST = 2**31 - 1
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _told(code: str, values: list[str]) -> LazyString:
    if code == "out_of_range":
        return _l(
            "The value has to be from %(least)s to %(most)s.", least=values[0], most=values[1]
        )
    if code == "too_long":
        return _l("Too long: at most %(most)s characters fit here.", most=values[0])
    if code == "too_many_items":
        return _l("At most %(most)s entries fit here.", most=values[0])
    if code == "not_one_of":
        return _l("The value has to be one of: %(known)s.", known=values[0])
    return _WORDS.get(code, _INVALID)


def fault_of(field: str, message: str) -> Fault:
    """The fault behind a text of a field here."""
    code, *values = message.split("|")
    return Fault(field, code, _told(code, values))


def faults_of(messages: Any, path: str = "") -> Iterator[Fault]:
    """The faults in what marshmallow collected, each with the path of its field: `ideas.3`."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            here = path if name == "_schema" else f"{path}.{name}".lstrip(".")
            yield from faults_of(inner, here)
        return
    for message in messages if isinstance(messages, list) else [messages]:
        yield fault_of(path, str(message))


class Words(fields.String):
    """Text in the one normal form of the house, with a bound; what it has to say is the service's question."""

    default_error_messages = {  # noqa: RUF012  # read by marshmallow as a class attribute
        "required": "required",
        "null": "null",
        "invalid": "not_text",
        "invalid_utf8": "not_text",
    }

    def __init__(self, *, most: int, lines: bool = False, **more: Any) -> None:
        self._most, self._lines = most, lines
        metadata = {"maxLength": most, **more.pop("metadata", {})}
        super().__init__(metadata=metadata, **more)

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> str:
        read = str(super()._deserialize(value, attr, data, **more))
        if _BROKEN.search(read):
            raise ValidationError("bad_characters")
        if len(read) > self._most:
            raise ValidationError(f"too_long|{self._most}")
        return text.normalise(read) if self._lines else text.one_line(read)


class Whole(fields.Integer):
    """A whole number within bounds; in an address it is written in plain digits."""

    default_error_messages = {  # noqa: RUF012
        "required": "required",
        "null": "null",
        "invalid": "not_a_number",
        "too_large": "not_a_number",
    }

    def __init__(
        self, *, least: int = 1, most: int = _LARGEST, in_address: bool = False, **more: Any
    ) -> None:
        self._in_address = in_address
        bounds = validate.Range(least, most, error="out_of_range|{min}|{max}")
        super().__init__(validate=bounds, **more)

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> int:
        del attr, data, more
        if self._in_address and isinstance(value, str) and _NUMBER.fullmatch(value):
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Truth(fields.Boolean):
    """true or false, and nothing that merely looks like it."""

    default_error_messages = {  # noqa: RUF012
        "required": "required",
        "null": "null",
        "invalid": "not_a_truth",
    }

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> bool:
        del attr, data, more
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Choice(fields.String):
    """One of a few words."""

    default_error_messages = Words.default_error_messages

    def __init__(self, choices: Iterable[str] | type[StrEnum], **more: Any) -> None:
        known = validate.OneOf([str(each) for each in choices], error="not_one_of|{choices}")
        super().__init__(validate=known, **more)


class Day(fields.Date):
    """A date, as in 2026-03-05."""

    default_error_messages = {  # noqa: RUF012
        "required": "required",
        "null": "null",
        "invalid": "not_a_date",
        "format": "not_a_date",
    }

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise self.make_error("invalid", input=value, obj_type="date")
        return super()._deserialize(value, attr, data, **more)


class Several(fields.List[Any]):
    """A list of a bounded length."""

    default_error_messages = {  # noqa: RUF012
        "required": "required",
        "null": "null",
        "invalid": "not_a_list",
    }

    def __init__(self, inner: fields.Field[Any], *, most: int, **more: Any) -> None:
        bound = validate.Length(max=most, error=f"too_many_items|{most}")
        super().__init__(inner, validate=bound, **more)


class Instant(fields.DateTime):
    """An instant of an answer, in UTC: `2026-03-05T01:02:03Z` (RFC 3339)."""

    def _serialize(self, value: Any, attr: Any, obj: Any, **more: Any) -> Any:
        del attr, obj, more
        if value is None:
            return None
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
