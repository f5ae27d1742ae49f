"""What the desk's address says about its list: which one, narrowed to what. Must not read anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ideas_app.moderation.rules import Band, Item


class Tab(StrEnum):
    """The lists of the desk."""

    NEW = "new"
    FLAGS = "flags"
    APPEALS = "appeals"
    COMMENTS = "comments"
    RETURNED = "returned"
    HIDDEN = "hidden"


class Whose(StrEnum):
    """Rows by who has them open."""

    ALL = ""
    OWN = "own"
    FREE = "free"


_ITEM_OF = {Tab.FLAGS: Item.FLAG, Tab.COMMENTS: Item.FLAG, Tab.APPEALS: Item.APPEAL}
"""What is open where a row of a tab is worked on; else the idea."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the desk's address narrows the list to: a campaign's slug, a field's key, a band, who has it
    open, and where it goes on.
    """

    tab: Tab = Tab.NEW
    campaign: str = ""
    field: str = ""
    after: str = ""
    band: Band | None = None
    whose: Whose = Whose.ALL

    @classmethod
    def of(cls, values: Any) -> Filters:
        """From an address's values (a mapping); what is unknown counts as not given."""
        wanted = values.get("tab", "")
        return cls(
            tab=Tab(wanted) if wanted in set(Tab) else Tab.NEW,
            campaign=values.get("campaign", "")[:80],
            field=values.get("field", "")[:20],
            after=values.get("after", "")[:400],
            band=Band(values["band"]) if values.get("band") in set(Band) else None,
            whose=Whose(values.get("whose", ""))
            if values.get("whose") in set(Whose)
            else Whose.ALL,
        )

    @property
    def item(self) -> Item:
        """What a row of this list is."""
        return _ITEM_OF.get(self.tab, Item.IDEA)

    def values(self, **changes: str | None) -> dict[str, Any]:
        """The values for an address, empty ones left out, with some changed."""
        own: dict[str, str | None] = {"campaign": self.campaign, "field": self.field}
        own["tab"] = self.tab.value if self.tab is not Tab.NEW else ""
        own |= {"band": self.band.value if self.band else "", "whose": self.whose.value}
        return {name: value for name, value in {**own, **changes}.items() if value}
