"""What a picture for social networks says, in a few words, and the digest that names it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

LOOK = 1
"""Grows with every change of how cards look: their addresses change, and no old picture is kept for ever."""


@dataclass(frozen=True, slots=True)
class CardText:
    """The words of a card: what it is, its title, one line of facts, who publishes."""

    label: str
    title: str
    facts: tuple[str, ...]
    house: str
    colour: str

    @property
    def digest(self) -> str:
        """Sixteen hex digits of the SHA-256 of all that is drawn."""
        said = (str(LOOK), self.colour, self.house, self.label, self.title, *self.facts)
        return sha256("\0".join(said).encode()).hexdigest()[:16]


COLOURS = {
    "job": "#1d4fc4",
    "home": "#0b7a75",
    "move": "#8a5a00",
    "learn": "#6b3fa0",
    "care": "#b3365f",
    "culture": "#a4481d",
    "start": "#063a74",
    "farm": "#3f7a1c",
}
"""By field, the colour of the band; any other field has that of the house."""
HOUSE = "#063a74"


def describe_card(
    label: str, title: str, facts: tuple[str, ...], house: str, field: str = ""
) -> CardText:
    """A card, its empty facts left out."""
    shown = tuple(fact for fact in facts if fact)
    return CardText(label, title, shown, house, COLOURS.get(field, HOUSE))
