"""The access log and its monthly check. Whoever checks can sign, and change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.accounts.queries import nicknames_of
from ideas_app.adapters.formats import Column
from ideas_app.adapters.holidays import is_day_off
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.retention import policy, queries, service
from ideas_app.retention.forms import CheckForm
from ideas_app.retention.rules.months import month_of, parse_month
from ideas_app.retention.rules.patterns import NIGHT_FROM, NIGHT_UNTIL, WORDS
from ideas_app.retention.rules.words import LOOK_WORDS
from ideas_app.retention.views.frame import as_file, blueprint
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue

MOST = 100_000
"""Records of a file; a busy house has some thousands a month."""

_COLUMNS = (
    Column("at", "일시", "Time", "datetime", width=20),
    Column("who", "취급자", "Who", width=18),
    Column("actor_role", "역할", "Role"),
    Column("address", "접속 주소", "Network address", width=18),
    Column("kind", "수행 업무", "What", width=24),
    Column("subject", "대상 목록", "List", width=18),
    Column("count", "정보주체 수", "People", "int"),
    Column("whose", "정보주체 번호", "Whose (numbers)", width=36),
    Column("reason", "사유", "Reason", width=36),
)


@blueprint.get("/admin/access")
@requires(Permission.AUDIT_READ)
def access() -> ResponseReturnValue:
    """A month's figures and oddities, its records, and its check."""
    return _page(_month(request.args.get("month", "")), CheckForm(formdata=None))


def _month(typed: str) -> date:
    """The month of the address; without one the oldest that waits for its check, else this one."""
    if typed:
        month_on = parse_month(typed)
        if month_on is None:
            raise NotFound("no_month", _l("There is no such month."))
        return month_on
    waiting = queries.list_unchecked_months()
    return waiting[-1] if waiting else month_of(clock.today())


def _page(month_on: date, form: CheckForm) -> str:
    check = queries.check_of(month_on)
    verdict = policy.may_check(
        current_actor(), month_on, is_checked=check is not None, today=clock.today()
    )
    month = queries.read_month(
        month_on,
        is_day_off,
        actor_id=request.args.get("who", type=int),
        kind=request.args.get("kind", ""),
        after=request.args.get("after"),
    )
    return render_template(
        "retention/access.html",
        month=month,
        months=queries.list_months(),
        check=check,
        checker=nicknames_of([check.checked_by]) if check else {},
        form=form,
        verdict=verdict,
        look_words=LOOK_WORDS,
        odd_words=WORDS,
        night=(NIGHT_FROM, NIGHT_UNTIL),
    )


@blueprint.post("/admin/access/<month>/check")
@requires(Permission.AUDIT_READ)
def check(month: str) -> ResponseReturnValue:
    """The check of a month is signed."""
    form, month_on = CheckForm(), _month(month)
    if form.validate():
        try:
            with transaction():
                service.sign_check(current_actor(), month_on, form.note.data or "")
            flash(_("The check is signed."), "success")
            return see_other(url_for("retention.access", month=f"{month_on:%Y-%m}"))
        except Invalid as fault:
            form.take_faults(fault)
    return _page(month_on, form), 422


@blueprint.get("/admin/access/<month>.<ending>")
@requires(Permission.AUDIT_READ)
def access_file(month: str, ending: str) -> ResponseReturnValue:
    """The records of a month as a file, for whoever inspects the house."""
    month_on = _month(month)
    found = queries.read_month(month_on, is_day_off, limit=MOST)
    rows = [_row(record, found.names) for record in found.page]
    title = _("Access log of %(month)s", month=f"{month_on:%Y-%m}")
    return as_file(ending, _COLUMNS, rows, title=title, name=f"access_{month_on:%Y-%m}")


def _row(record: Any, names: dict[int, str]) -> dict[str, Any]:
    listed = ", ".join(map(str, record.whose_ids)) or record.digest
    return {
        "at": record.at,
        "who": f"{names.get(record.actor_id or 0, '')} #{record.actor_id}"
        if record.actor_id
        else _("operator, command line"),
        "actor_role": record.actor_role,
        "address": record.address,
        "kind": str(LOOK_WORDS.get(record.kind, record.kind)),
        "subject": f"{record.subject_type} {record.subject_id or ''}".strip(),
        "count": record.count,
        "whose": f"{record.whose}: {listed}",
        "reason": record.reason,
    }
