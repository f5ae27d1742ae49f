"""The shape of what people type about their accounts. Must not know who may, or which password is easy."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, Length
from wtforms.widgets import CheckboxInput

from ideas_app.accounts.models import Tie
from ideas_app.accounts.rules import (
    CONSENTS,
    NICKNAME_LEAST,
    NICKNAME_MOST,
    PASSWORD_LEAST,
    PASSWORD_MOST,
    SCOPE_WORDS,
    TOKEN_DAYS,
    TOKEN_NAME_MOST,
)
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.core.permissions import Role, Scope
from ideas_app.core.places import NEIGHBOURHOODS
from ideas_app.web.baseform import BaseForm, Characters, Filled, LineField

TIES = (
    SelectChoice(Tie.RESIDENT.value, _l("I live here")),
    SelectChoice(Tie.WORKER.value, _l("I work here")),
    SelectChoice(Tie.STUDENT.value, _l("I study here")),
    SelectChoice(Tie.OTHER.value, _l("Something else")),
)
ROLES = (
    SelectChoice(Role.YOUTH.value, lazy_pgettext("role", "Youth")),
    SelectChoice(Role.MODERATOR.value, lazy_pgettext("role", "Moderator")),
    SelectChoice(Role.OFFICIAL.value, lazy_pgettext("role", "Official")),
    SelectChoice(Role.ADMIN.value, lazy_pgettext("role", "Administrator")),
)
LANGUAGES = (SelectChoice("ko", "한국어"), SelectChoice("en", "English"))


def _new_password(label: Any) -> PasswordField:
    message = _l(
        "A password has %(least)s to %(most)s characters.",
        least=PASSWORD_LEAST,
        most=PASSWORD_MOST,
    )
    return PasswordField(
        label,
        [Filled(), Length(PASSWORD_LEAST, PASSWORD_MOST, message)],
    )


def _consent(kind: str) -> BooleanField:
    """The box of one consent: unticked, and asked for where the account cannot be without it."""
    (box,) = (box for box in CONSENTS if box.kind == kind)
    message = _l("Without this consent there can be no account.")
    return BooleanField(box.label, [Filled(message)] if box.is_required else [])


class BirthField(DateField):
    """A date as browsers send it, or as people type it: 2000-05-17, 2000. 5. 17., 20000517."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Leaves None where there is no such day."""
        self.data = None
        typed = str(valuelist[0]) if valuelist else ""
        found = re.fullmatch(r"\s*(\d{4})\D*(\d{1,2})\D*(\d{1,2})\D*", typed)
        if found:
            with suppress(ValueError):
                self.data = date(*(int(part) for part in found.groups()))


class RegisterForm(BaseForm):
    """Joining. Each consent has a box of its own, and none is ticked."""

    email = LineField(_l("E-mail address"), [Filled()])
    password = _new_password(_l("Password"))
    nickname = LineField(_l("Nickname"), [Filled(), Characters(NICKNAME_LEAST, NICKNAME_MOST)])
    born_on = BirthField(_l("Date of birth"), [Filled(_l("Write it as in 2000-05-17."))])
    tie = RadioField(
        _l("Your tie to the city"),
        [Filled(_l("Please choose one.")), AnyOf(list(Tie), _l("Please choose one."))],
        choices=list(TIES),
        validate_choice=False,
    )
    consent_terms = _consent("terms")
    consent_privacy = _consent("privacy")
    consent_news = _consent("news")

    def consents(self) -> frozenset[str]:
        """The kinds whose boxes are ticked."""
        boxes = ("terms", "privacy", "news")
        return frozenset(kind for kind in boxes if self[f"consent_{kind}"].data)


class LoginForm(BaseForm):
    """Address and password; `next` is where the person wanted to go."""

    email = LineField(_l("E-mail address"), [Filled()])
    password = PasswordField(_l("Password"), [Filled()])
    next = HiddenField()


class PasswordForm(BaseForm):
    """One's own password, asked again before a grave act."""

    password = PasswordField(_l("Your password"), [Filled()])


class ResetRequestForm(BaseForm):
    """Where the mail with the link should go."""

    email = LineField(_l("E-mail address"), [Filled()])


class ResetForm(BaseForm):
    """A new password."""

    password = _new_password(_l("New password"))


class NicknameForm(BaseForm):
    """Another nickname."""

    nickname = LineField(_l("Nickname"), [Filled(), Characters(NICKNAME_LEAST, NICKNAME_MOST)])


class LanguageForm(BaseForm):
    """The language of pages and mails."""

    locale = SelectField(_l("Language"), choices=list(LANGUAGES))


class NeighbourhoodForm(BaseForm):
    """The part of the city one lives in, or nothing."""

    neighbourhood = SelectField(
        _l("Neighbourhood"),
        choices=[
            SelectChoice("", _l("I would rather not say")),
            *(SelectChoice(name, name) for name in NEIGHBOURHOODS),
        ],
    )


class ChangePasswordForm(BaseForm):
    """The present password and a new one."""

    present = PasswordField(_l("Present password"), [Filled()])
    password = _new_password(_l("New password"))


class DeleteForm(PasswordForm):
    """Leaving for good."""

    sure = BooleanField(
        _l("I know that this cannot be undone."),
        [Filled(_l("Please tick the box if you want to delete your account."))],
    )


class TokenForm(BaseForm):
    """A token for a program: what it is called, what it may do, how long it lives."""

    name = LineField(_l("What is it for?"), [Filled(), Characters(0, TOKEN_NAME_MOST)])
    scopes = SelectMultipleField(
        _l("What may it do?"),
        [Filled(_l("Choose at least one thing that the program may do."))],
        default=[Scope.READ.value],
        option_widget=CheckboxInput(),
    )
    days = SelectField(
        _l("How long does it live?"),
        choices=[
            SelectChoice("30", _l("30 days")),
            SelectChoice("90", _l("90 days")),
            SelectChoice("366", _l("1 year")),
        ],
        default=str(TOKEN_DAYS),
    )
    password = PasswordField(_l("Your password"), [Filled()])

    def offer(self, *, is_staff: bool) -> None:
        """Staff work is offered to staff."""
        self.scopes.choices = [
            SelectChoice(scope.value, words)
            for scope, words in SCOPE_WORDS.items()
            if is_staff or scope is not Scope.STAFF
        ]


class RoleForm(PasswordForm):
    """Another role for somebody, with a reason; the administrator's own password again."""

    role = SelectField(_l("Role"), choices=list(ROLES))
    department = LineField(_l("Department"), [Characters(0, 80)])
    reason = LineField(_l("Reason"), [Filled(), Characters(0, 300)])


class CloseForm(PasswordForm):
    """Closing or opening somebody's account."""

    reason = LineField(_l("Reason"), [Filled(), Characters(0, 300)])
