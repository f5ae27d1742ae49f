"""What a group of synonyms must be. Pure."""

from __future__ import annotations

from ideas_app.adapters.fulltext import split_group
from ideas_app.core.errors import Fault
from ideas_app.core.hangul import plain
from ideas_app.core.i18n import lazy_gettext as _l

MOST_WORDS = 20
LONGEST_WORD = 20


def cleaned_group(words: str) -> str:
    """The words of a group, each once, parted by a comma and a space."""
    seen: dict[str, str] = {}
    for word in split_group(words.replace("=", ",").replace("\n", ",")):
        seen.setdefault(plain(word), word)
    seen.pop("", None)
    return ", ".join(seen.values())


def find_fault(words: str) -> Fault | None:
    """What is wrong with a cleaned group: fewer than two words, too many, one too long."""
    group = split_group(words)
    if len(group) < 2:
        message = _l("Write two words or more, with a comma between them.")
        return Fault("words", "too_few", message)
    if len(group) > MOST_WORDS:
        message = _l("At most %(most)s words fit into one group.", most=MOST_WORDS)
        return Fault("words", "too_many", message)
    if any(len(word) > LONGEST_WORD for word in group):
        message = _l("A word has at most %(most)s characters.", most=LONGEST_WORD)
        return Fault("words", "too_long", message)
    return None
