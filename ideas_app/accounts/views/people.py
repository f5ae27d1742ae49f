"""The administrator's list of people: roles, closing and opening accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.accounts import queries, service
from ideas_app.accounts.forms import CloseForm, RoleForm, ShowForm
from ideas_app.accounts.rules import ADMINS_WARNED, PERMISSION_WORDS
from ideas_app.accounts.views.blueprint import blueprint, count_own_try
from ideas_app.audit import queries as audit
from ideas_app.audit.rules import Look
from ideas_app.audit.service import record_look
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.masking import mask_email
from ideas_app.core.permissions import GRANTS, Permission, Role
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.core.paging import Page

blueprint.add_app_template_filter(mask_email, "masked_email")


def _people_page(status: int = 200, chosen_id: int | None = None, **filled: Any) -> tuple[str, int]:
    wanted = queries.PeopleFilter(
        role=request.args.get("role", "staff"),
        state=request.args.get("state", ""),
        words=request.args.get("q", "")[:80].strip(),
    )
    chosen_id = chosen_id or request.args.get("person", type=int)
    chosen = queries.get_account(chosen_id) if chosen_id else None
    found = _list_people(wanted, chosen_id)
    history = audit.list_of_subject("account", chosen.id) if chosen else []
    page = render_template(
        "accounts/people.html",
        wanted=wanted,
        people=found,
        shown=filled.get("shown"),
        show_form=filled.get("show_form") or ShowForm(formdata=None, prefix="show"),
        staff=queries.count_staff(),
        admins_warned=ADMINS_WARNED,
        roles=list(Role),
        grants=GRANTS,
        permission_words=PERMISSION_WORDS,
        chosen=chosen,
        history=list(reversed(history)),
        names=queries.nicknames_of(entry.actor_id for entry in history),
        role_form=filled.get("role_form") or _role_form(chosen),
        close_form=filled.get("close_form") or CloseForm(formdata=None, prefix="close"),
        factor=queries.find_second_factor(chosen.id) if chosen else None,
        factor_form=filled.get("factor_form") or CloseForm(formdata=None, prefix="factor"),
    )
    return page, status


def _list_people(wanted: queries.PeopleFilter, chosen_id: int | None) -> Page[queries.AccountRow]:
    """A page of the list, kept in the access log with whom it named."""
    with transaction():
        found = queries.list_people(wanted, after=request.args.get("after"))
        record_look(
            current_actor(), Look.ACCOUNT_LIST, [person.id for person in found], whose="account"
        )
        if chosen_id:
            record_look(current_actor(), Look.ACCOUNT, [chosen_id], whose="account")
    return found


def _role_form(chosen: Any) -> RoleForm | None:
    if chosen is None:
        return None
    return RoleForm(formdata=None, role=chosen.role.value, department=chosen.department)


@blueprint.get("/admin/people")
@requires(Permission.ACCOUNT_MANAGE)
def people() -> ResponseReturnValue:
    """Who holds which role; one person beside the list with `?person=`."""
    return _people_page()


@blueprint.post("/admin/people/<int:account_id>/role")
@requires(Permission.ACCOUNT_MANAGE)
def role(account_id: int) -> ResponseReturnValue:
    """Gives somebody another role; asks for the administrator's own password again."""
    form = RoleForm()
    if form.validate():
        try:
            count_own_try()
            with transaction():
                service.confirm_password(current_actor(), str(form.password.data))
                service.change_role(
                    current_actor(),
                    queries.get_account(account_id),
                    Role(form.role.data),
                    reason=str(form.reason.data),
                    department=form.department.data,
                )
            return _done(account_id, _("The role is changed. It counts from the next click."))
        except Invalid as invalid:
            form.take_faults(invalid)
    return _people_page(422, account_id, role_form=form)


@blueprint.post("/admin/people/<int:account_id>/show")
@requires(Permission.ACCOUNT_MANAGE)
def show(account_id: int) -> ResponseReturnValue:
    """Somebody's address and birth date, once, for a reason that is kept."""
    form, shown = ShowForm(prefix="show"), None
    if form.validate():
        with transaction():
            shown = queries.get_account(account_id)
            reason = form.reason.data or ""
            record_look(
                current_actor(), Look.UNMASKED, [account_id], whose="account", reason=reason
            )
    page, _status = _people_page(200, account_id, shown=shown, show_form=form)
    return page, 200 if shown else 422


@blueprint.post("/admin/people/<int:account_id>/disable")
@requires(Permission.ACCOUNT_MANAGE)
def disable(account_id: int) -> ResponseReturnValue:
    """Closes somebody's account."""
    return _close_or_open(account_id, service.disable, _("The account is closed."))


@blueprint.post("/admin/people/<int:account_id>/enable")
@requires(Permission.ACCOUNT_MANAGE)
def enable(account_id: int) -> ResponseReturnValue:
    """Opens somebody's account again."""
    return _close_or_open(account_id, service.enable, _("The account is open again."))


@blueprint.post("/admin/people/<int:account_id>/factor")
@requires(Permission.ACCOUNT_MANAGE)
def reset_factor(account_id: int) -> ResponseReturnValue:
    """Takes somebody's lost second factor away, so that they can set up a new one."""
    text = _("The second factor is reset. The person has been told by mail.")
    return _act(account_id, service.reset_factor, text, "factor_form", "factor")


def _close_or_open(account_id: int, verb: Any, text: str) -> ResponseReturnValue:
    return _act(account_id, verb, text, "close_form", "close")


def _act(account_id: int, verb: Any, text: str, name: str, prefix: str) -> ResponseReturnValue:
    """An act upon somebody's account, with a reason and the administrator's own password."""
    form = CloseForm(prefix=prefix)
    if form.validate():
        try:
            count_own_try()
            with transaction():
                service.confirm_password(current_actor(), str(form.password.data))
                account = queries.get_account(account_id)
                verb(current_actor(), account, reason=str(form.reason.data))
            return _done(account_id, text)
        except Invalid as invalid:
            form.take_faults(invalid)
    return _people_page(422, account_id, **{name: form})


def _done(account_id: int, text: str) -> ResponseReturnValue:
    flash(text, "success")
    return see_other(url_for("accounts.people", person=account_id))
