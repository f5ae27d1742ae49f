"""Tables of rounds: the frozen ballots, the computed list, the published list.

Must not know how a list is computed.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideas_app.core.columns import (
    Base,
    enum_column,
    instant,
    intpk,
    json_list,
    json_object,
    str20,
    str80,
    str200,
    text,
)


class RoundState(StrEnum):
    """A round is asked for, counted by a worker, changed and signed by people, confirmed by the second
    signature, then published. A campaign may have many rounds, of which one is published.
    """

    ASKED = "asked"
    FAILED = "failed"
    """The question could not be answered: `result["fault"]` says why."""
    COMPUTED = "computed"
    CONFIRMED = "confirmed"
    """Frozen: two people have signed."""
    PUBLISHED = "published"


class ChangeKind(StrEnum):
    """What people did to the computed list."""

    TAKEN_OUT = "taken_out"
    PUT_IN = "put_in"


class Source(StrEnum):
    """What counts as approvals: the ticks of the ballot, or the supports of the gathering."""

    BALLOT = "ballot"
    SUPPORTS = "supports"


class Round(Base):
    """One computation of a shortlist over a frozen, anonymous snapshot of the ballots."""

    __tablename__ = "round"
    __table_args__ = (Index("ix_round_campaign_id", "campaign_id", "id"),)

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    lot: Mapped[str80]
    """The public name from which, with a project's id, the order of ties is drawn. It is the campaign's
    slug, known before voting opens and the same for every round: computing anew draws no new lot."""
    seats: Mapped[int]
    rule: Mapped[str20]
    completion: Mapped[str20]
    source: Mapped[Source] = mapped_column(enum_column(Source))
    min_approval_percent: Mapped[int]
    incompatible: Mapped[json_list]
    """Pairs of projects that cannot stand on one list, each [id, id], and why they cannot:"""
    incompatible_reason: Mapped[text] = mapped_column(default="")
    state: Mapped[RoundState] = mapped_column(enum_column(RoundState), default=RoundState.COMPUTED)
    progress: Mapped[int] = mapped_column(default=0)
    """Per cent of the analysis that is done."""
    snapshot: Mapped[text] = mapped_column(deferred=True)
    """The Pabulib text of the ballots, without entries under the minimum: canonical, so its digest names
    it. Read only where it is asked for: it may be megabytes."""
    digest: Mapped[str] = mapped_column(String(64))
    ballots: Mapped[int]
    """Those with at least one entry that can be elected: N of every formula."""
    empty: Mapped[int]
    """All other ballots that were cast: reported, counted nowhere."""
    result: Mapped[json_object]
    """What the kernel returned for this rule and for plain top-k, fractions as "n/d"; shape:
    `service.compute_round` writes it, `queries.read_page` reads it. `groups` holds what the lists give to
    groups of voters, small groups taken out already: `rules.group_tables`."""
    pictures: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    """By language and name the charts of this round as SVG; shape: `queries.draw_pictures`. Nothing in them is
    a title, which may be hidden later. None until they are drawn."""
    computed_at: Mapped[instant]
    """When it was counted; until then when it was asked for."""
    computed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """Who asked for it; None for the command line."""
    list_digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the list that two people signed: `rules.write_list`. None before."""
    confirmed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    entries: Mapped[list[RoundEntry]] = relationship(
        lazy="raise_on_sql", order_by="RoundEntry.tie_position", cascade="all, delete-orphan"
    )
    changes: Mapped[list[RoundChange]] = relationship(
        lazy="raise_on_sql", order_by="RoundChange.id", cascade="all, delete-orphan"
    )
    signatures: Mapped[list[RoundSignature]] = relationship(
        lazy="raise_on_sql", order_by="RoundSignature.id", cascade="all, delete-orphan"
    )


class RoundEntry(Base):
    """One idea or family that stood in a round."""

    __tablename__ = "round_entry"
    __table_args__ = (
        UniqueConstraint("round_id", "tie_position"),
        # every page of an idea asks for its rounds
        Index("ix_round_entry_idea_id", "idea_id"),
        Index("ix_round_entry_family_id", "family_id"),
    )

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    tie_position: Mapped[int]
    """Place in the published order of ties, from 0; also the project's place in the file."""
    project: Mapped[str20]
    """Its id in the published file, e.g. i17 or f3."""
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    title: Mapped[str200]
    approvals: Mapped[int]
    rank: Mapped[int | None]
    """1 for the first elected by the rule; None where not elected."""
    final_rank: Mapped[int | None]
    """Its place on the list as people changed it; the same as `rank` where nobody changed anything."""
    top_rank: Mapped[int | None]
    """Its rank by plain approvals among the first `seats`; None below."""
    is_eligible: Mapped[bool] = mapped_column(default=True)
    """False under the minimum approval."""


class RoundChange(Base):
    """One change of the computed list by hand, with the reason that everybody may read."""

    __tablename__ = "round_change"
    __table_args__ = (UniqueConstraint("entry_id"),)

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("round_entry.id", ondelete="CASCADE"))
    kind: Mapped[ChangeKind] = mapped_column(enum_column(ChangeKind))
    reason: Mapped[text]
    made_at: Mapped[instant]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class RoundSignature(Base):
    """One person's word for a list as it stood when they signed. Any change of the list removes it."""

    __tablename__ = "round_signature"
    __table_args__ = (UniqueConstraint("round_id", "account_id"),)

    id: Mapped[intpk]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    list_digest: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[instant]


class RoundAuditor(Base):
    """Somebody who may check the ballots of a small round, whose file is not public."""

    __tablename__ = "round_auditor"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    named_at: Mapped[instant]
    named_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
