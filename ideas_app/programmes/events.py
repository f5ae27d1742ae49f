"""What happens around rosters, as ids for the outbox. Must not hold objects."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClaimDecided:
    """The centre has decided on somebody's word that they took part."""

    claim_id: int


@dataclass(frozen=True, slots=True)
class RosterAwaited:
    """A large file waits for the worker. `name` is the hash under which it lies, `turn` which task of it this is,
    `stage` what is to be done: reading or storing.
    """

    name: str
    turn: int
    stage: str


@dataclass(frozen=True, slots=True)
class RosterExpiring:
    """The names on a programme's roster go on `goes_on` (ISO), in so many `days`: the centre is told."""

    programme_id: int
    goes_on: str
    days: int
