"""What ways, hands and looks are called. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.audit.rules import Look
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.core.retaining import Way

if TYPE_CHECKING:
    from flask_babel import LazyString

WAY_WORDS: dict[str, LazyString] = {
    Way.DELETED.value: _l("deleted from the database, cannot be restored"),
    Way.EMPTIED.value: _l("emptied of what says whose it is"),
}
BY_WORDS: dict[str, LazyString] = {
    "nightly": _l("nightly work"),
    "command": _l("operator, command line"),
}
LOOK_WORDS: dict[str, LazyString] = {
    Look.ACCOUNT.value: lazy_pgettext("look", "One account"),
    Look.ACCOUNT_LIST.value: lazy_pgettext("look", "List of accounts"),
    Look.AUTHOR.value: lazy_pgettext("look", "Author of an idea"),
    Look.CLAIM.value: lazy_pgettext("look", "Request to be found on a roster"),
    Look.EXPORT.value: lazy_pgettext("look", "File taken"),
    Look.ROSTER.value: lazy_pgettext("look", "Roster"),
    Look.UNMASKED.value: lazy_pgettext("look", "Unmasked"),
}
