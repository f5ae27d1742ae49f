"""What happens around rosters, as ids for the outbox. Must not hold objects."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClaimDecided:
    """The centre has decided on somebody's word that they took part."""

    claim_id: int
