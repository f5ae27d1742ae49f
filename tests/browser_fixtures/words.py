"""The words on the screen, found by their English message: a better Korean wording breaks no test."""

from __future__ import annotations

import gettext
from typing import Any

from ideas_app.web.i18n import TRANSLATIONS, compile_catalogues


class Words:
    """The catalogue of one language."""

    def __init__(self, lang: str) -> None:
        compile_catalogues()
        with (TRANSLATIONS / lang / "LC_MESSAGES" / "messages.mo").open("rb") as file:
            self._catalogue = gettext.GNUTranslations(file)

    def __call__(self, message: str, *, context: str | None = None, **values: Any) -> str:
        """The words for a message, in its context if it has one, with values filled in."""
        say = self._catalogue
        found = say.pgettext(context, message) if context else say.gettext(message)
        return found % values if values else found
