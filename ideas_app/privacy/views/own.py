"""One's own data: what one agreed to, the download, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.accounts import queries as accounts
from ideas_app.accounts import service as accounts_service
from ideas_app.accounts.forms import PasswordForm
from ideas_app.accounts.rules import ALL_CONSENTS, LINK_CONSENT
from ideas_app.accounts.views.blueprint import count_own_try
from ideas_app.core import personal
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid, NotFound
from ideas_app.core.personal import Texts
from ideas_app.privacy import queries, service
from ideas_app.privacy.forms import LeaveForm, RequestForm
from ideas_app.privacy.rules import REMEDIES
from ideas_app.privacy.views.blueprint import blueprint, leave_alone
from ideas_app.web.access import current_actor, signed_in
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import locale_code
from ideas_app.web.security import is_local_path
from ideas_app.web.sessions import forget_token
from ideas_app.web.templating import house_name

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.adapters.formats import Language


def rights_page(form: RequestForm | None = None) -> ResponseReturnValue:
    """The page of one's rights, with a request that could not be taken as it was typed."""
    actor = current_actor()
    page = render_template(
        "privacy/show.html",
        boxes=ALL_CONSENTS,
        link_kind=LINK_CONSENT.kind,
        given=accounts.list_consents(actor.id),
        history=accounts.list_consent_history(actor.id),
        requests=queries.list_own(actor.id or 0),
        form=form or RequestForm(formdata=None, about="account"),
        remedies=REMEDIES,
    )
    return page, 422 if form else 200


@blueprint.get("/me/privacy")
@signed_in
def show() -> ResponseReturnValue:
    """Consents, download, correction, deletion, requests: everything about one's own data."""
    return rights_page()


@blueprint.post("/me/privacy/consents/<kind>")
@signed_in
def consent(kind: str) -> ResponseReturnValue:
    """Gives one consent in its present version, or takes it back (`_method=DELETE`)."""
    with transaction():
        if request.form.get("_method") == "DELETE":
            accounts_service.withdraw_consent(current_actor(), kind)
        else:
            accounts_service.give_consent(current_actor(), kind)
    flash(_("Your consents are changed."), "success")
    return see_other(url_for("privacy.show", _anchor=f"consent-{kind}"))


@blueprint.get("/me/privacy/consents/<kind>/<int:version>")
@signed_in
def words(kind: str, version: int) -> ResponseReturnValue:
    """The words of one version of a consent, as they stood."""
    found = accounts.find_consent_words(kind, version, locale_code())
    if found is None:
        raise NotFound("no_words", _("The words of this version were not kept."))
    return render_template("privacy/words.html", words=found.words, kept=found)


@blueprint.post("/me/privacy/later")
@signed_in
def later() -> ResponseReturnValue:
    """Puts the question about a changed text off in this browser; nothing depends on it."""
    leave_alone()
    wanted = request.form.get("next", "")
    return see_other(wanted if is_local_path(wanted) else url_for("privacy.show"))


@blueprint.route("/me/export", methods=["GET", "POST"])
@signed_in
def export() -> ResponseReturnValue:
    """Everything that is kept of the person, as a file, after the password."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            count_own_try()
            with transaction():
                accounts_service.note_download(current_actor(), str(form.password.data))
            return _download()
        except Invalid as invalid:
            form.take_faults(invalid)
    page = render_template("privacy/export.html", form=form, holdings=personal.holdings())
    return page, 422 if request.method == "POST" else 200


def _download() -> Response:
    account_id = current_actor().id or 0
    if request.form.get("format") == "json":
        made = service.make_json(account_id)
    else:
        lang: Language = "en" if locale_code() == "en" else "ko"
        made = service.make_zip(account_id, lang, site=house_name("SITE_NAME"))
    response = Response(made.content, mimetype=made.kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/me/delete", methods=["GET", "POST"])
@signed_in
def delete() -> ResponseReturnValue:
    """Leaving for good: first what stays and what goes, in figures."""
    form = LeaveForm()
    if form.validate_on_submit():
        try:
            count_own_try()
            with transaction():
                password, texts = str(form.password.data), Texts(form.texts.data)
                accounts_service.delete_account(current_actor(), password, texts)
            forget_token()
            flash(_("Your account is deleted. Thank you for taking part."), "success")
            return see_other("/")
        except Invalid as invalid:
            form.take_faults(invalid)
    lines = personal.preview(current_actor().id or 0)
    page = render_template("privacy/delete.html", form=form, lines=lines)
    return page, 422 if request.method == "POST" else 200
