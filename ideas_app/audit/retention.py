"""How long the two logs are kept."""

from __future__ import annotations

from ideas_app.audit.models import AccessRecord
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.retaining import YEAR, Period, Reason, Rows, keep, keep_for

keep_for(
    Period(
        name="access_record",
        table="access_record",
        rows=_l("Records of who looked at whose data"),
        since=_l("from the look"),
        ground=_l(
            "Standard of measures for the safety of personal data: access records, at least 2 years"
        ),
        days=2 * YEAR + 1,
        floor=2 * YEAR + 1,
        ceiling=5 * YEAR,
        acts=Rows(AccessRecord, AccessRecord.at),
    )
)
# rights given and taken are among its entries: the standard wants 3 years at least, the chain needs them all
keep(Reason.PROOF, "audit_entry", "audit_head")
