"""Who acts: a frozen picture of a person, taken once a request, that services and policies are given first.

Must not know the database: `accounts.queries` makes actors from rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.core.permissions import STAFF, Permission, Role, Scope, has

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """A visitor (`id` None), a person with an account, or the system itself (`is_system`)."""

    id: int | None = None
    role: Role | None = None
    nickname: str = ""
    is_verified: bool = False
    born_on: date | None = None
    tie: str | None = None
    """How the person belongs to the city: resident, worker, student, other (self-declared)."""
    locale: str | None = None
    session_id: int | None = None
    joined_at: datetime | None = None
    """When the account was made, where that limits the person: never for staff."""
    has_shortcuts: bool = True
    """Whether single letters act as keys on the desk's pages."""
    is_system: bool = False
    has_password: bool = True
    """False for people who log in by others only: what asks for a password asks them another way."""
    is_confirmed: bool = False
    """Whether the person has shown in this browser, some minutes ago at most, who they are."""
    is_held: bool = False
    """Staff who have yet to give their second factor: until then they may do what every youth may."""
    is_asked_anew: bool = False
    """Whether a text that the person agreed to has changed since, and is in force in its earlier version only."""

    @property
    def is_signed_in(self) -> bool:
        """Whether there is an account behind the actor."""
        return self.id is not None

    @property
    def is_staff(self) -> bool:
        """Whether the role is one of the centre's or the city's."""
        return self.role in STAFF

    def has(self, permission: Permission) -> bool:
        """Whether the role carries the permission; the system carries all."""
        role = Role.YOUTH if self.is_held else self.role
        return self.is_system or has(role, permission)


@dataclass(frozen=True, slots=True)
class Grant:
    """A program that acts for a person: by which token, and what the person lets it do."""

    actor: Actor
    token_id: int
    scopes: frozenset[Scope]


VISITOR = Actor()
SYSTEM = Actor(is_system=True, role=Role.ADMIN, nickname="system", is_verified=True)
"""Scheduled work and commands of the operator; its entries in the log carry no person."""
