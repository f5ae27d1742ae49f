"""Column kinds, the naming of constraints and the declarative base of every table.

Must not know any table.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    import enum


class Instant(TypeDecorator[datetime]):
    """An aware instant, UTC in and out on every database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """On its way in: UTC. Raises `ValueError` for a naive instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a naive instant cannot be stored"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """What reads a value: on SQLite, which keeps text in UTC, in one step instead of three."""
        if dialect.name == "sqlite":
            return _instant_of_text
        return super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """On its way out: UTC, also from SQLite, which keeps no zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _instant_of_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


def enum_column(kind: type[enum.StrEnum], length: int = 24) -> Enum:
    """An enum stored by its value as text, so that a new member needs no change of type."""
    return Enum(
        kind,
        native_enum=False,
        length=length,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
        create_constraint=False,
    )


intpk = Annotated[int, mapped_column(Integer, primary_key=True)]
str20 = Annotated[str, mapped_column(String(20))]
str40 = Annotated[str, mapped_column(String(40))]
str80 = Annotated[str, mapped_column(String(80))]
str200 = Annotated[str, mapped_column(String(200))]
str320 = Annotated[str, mapped_column(String(320))]
text = Annotated[str, mapped_column(Text)]
instant = Annotated[datetime, mapped_column(Instant)]
day = Annotated[date, mapped_column(Date)]
counter = Annotated[int, mapped_column(Integer, default=0, server_default="0")]
sort_key = Annotated[int, mapped_column(BigInteger, default=0, server_default="0")]
json_object = Annotated[dict[str, Any], mapped_column(JSON, default=dict)]
json_list = Annotated[list[Any], mapped_column(JSON, default=list)]

_METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Base(DeclarativeBase):
    """The base of all tables.

    The map stands in an explicit registry: set on the class it breaks Flask-SQLAlchemy's copy of the base.
    """

    registry = registry(metadata=_METADATA, type_annotation_map={datetime: Instant, date: Date})
