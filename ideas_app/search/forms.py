"""The form of a group of synonyms. Must not know who may change it."""

from __future__ import annotations

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.web.baseform import BaseForm, LineField


class GroupForm(BaseForm):
    """Words that mean the same, parted by commas."""

    words = LineField(_l("Words that mean the same"))
