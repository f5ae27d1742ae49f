"""How long the words of a request are kept; what stays of it is the register of what was answered."""

from __future__ import annotations

from ideas_app.core import clock
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.retaining import YEAR, Period, Rows, keep_for
from ideas_app.privacy.models import DataRequest
from ideas_app.privacy.service import EMPTY

keep_for(
    Period(
        name="data_request",
        table="data_request",
        rows=_l("Words, names and contacts of requests about personal data"),
        since=_l("from the answer"),
        ground=_l("Personal Information Protection Act, Article 21: the purpose has ended"),
        days=30,
        floor=10,
        ceiling=YEAR,
        acts=Rows(
            DataRequest,
            DataRequest.settled_at,
            where=(DataRequest.forgotten_at.is_(None),),
            values={**EMPTY, "forgotten_at": clock.now},
        ),
    )
)
