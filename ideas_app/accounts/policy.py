"""Who may do what to an account. Must not count or change anything: facts are handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import STAFF, Permission, Role
from ideas_app.core.verdict import ALLOWED, Verdict, first_refusal, refuse

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.accounts.models import Account
    from ideas_app.core.actor import Actor


def may_manage(actor: Actor, account: Account, *, now: datetime) -> Verdict:
    """Whether the actor may change another person's role or close the account."""
    del now  # the same at any time; kept so that every policy is asked in one way
    if not actor.has(Permission.ACCOUNT_MANAGE):
        return refuse("not_permitted", _l("Only an administrator may change accounts."))
    if account.deleted_at is not None:
        return refuse("account_gone", _l("This person has left; there is nothing left to change."))
    return ALLOWED


def may_lose_admin(account: Account, *, other_admins: int) -> Verdict:
    """Whether an account may stop being an administrator: the last one may not, whoever asks."""
    if account.role is Role.ADMIN and other_admins == 0:
        message = _l("This is the last administrator. Make somebody else an administrator first.")
        return refuse("last_admin", message)
    return ALLOWED


def may_change_role(
    actor: Actor, account: Account, role: Role, *, other_admins: int, now: datetime
) -> Verdict:
    """Whether the actor may give the account this role."""
    losing = ALLOWED if role is Role.ADMIN else may_lose_admin(account, other_admins=other_admins)
    return first_refusal(may_manage(actor, account, now=now), losing)


def may_disable(actor: Actor, account: Account, *, other_admins: int, now: datetime) -> Verdict:
    """Whether the actor may close the account."""
    return first_refusal(
        may_manage(actor, account, now=now), may_lose_admin(account, other_admins=other_admins)
    )


def may_link(actor: Actor, account: Account, *, staff_may: bool) -> Verdict:
    """Whether the actor may add a log-in by others to this account: with a proved address only, as whoever
    registers anew with an address that is not proved takes the account over.
    """
    if actor.id != account.id:
        return refuse("not_yours", _l("This is not your account."), sign_in=actor.id is None)
    if account.verified_at is None:
        message = _l("Please confirm your e-mail address first. Then you can link other log-ins.")
        return refuse("not_verified", message)
    return may_log_in_by_others(account, staff_may=staff_may)


def may_log_in_by_others(account: Account, *, staff_may: bool) -> Verdict:
    """Whether a provider's word opens this account: of staff only where the operator allows it."""
    if account.role in STAFF and not staff_may:
        message = _l("Staff log in with their password here. If you have none, set one by mail.")
        return refuse("staff_by_others", message)
    return ALLOWED


def may_set_factor(actor: Actor, account: Account, *, has_factor: bool) -> Verdict:
    """Whether the actor may set up a second factor: staff, who have just shown who they are, and have given
    the one they have; with a password alone nobody puts another phone in its place.
    """
    if account.role not in STAFF:
        return refuse("not_staff", _l("The second factor is for staff."))
    if has_factor and actor.is_held:
        return refuse("second_factor", _l("The pages of the desk open with a second factor."))
    if not actor.is_confirmed:
        return refuse("confirm_first", _l("Please show first that it is you."))
    return ALLOWED


def may_unlink(actor: Actor, account: Account, *, ways_left: int) -> Verdict:
    """Whether the actor may take a log-in away: never the last way in."""
    if actor.id != account.id:
        return refuse("not_yours", _l("This is not your account."), sign_in=actor.id is None)
    if ways_left == 0:
        message = _l(
            "This is your only way to log in. Set a password first, or link another log-in."
        )
        return refuse("last_way_in", message)
    return ALLOWED


def may_delete_own(actor: Actor, account: Account, *, other_admins: int, now: datetime) -> Verdict:
    """Whether the actor may leave with this account: one's own only."""
    del now
    if actor.id != account.id:
        return refuse(
            "not_yours", _l("You can delete only your own account."), sign_in=actor.id is None
        )
    return may_lose_admin(account, other_admins=other_admins)


def may_correct_birth_date(
    actor: Actor, account: Account, *, was_corrected: bool, now: datetime
) -> Verdict:
    """Whether the actor may set the account's date of birth right by themselves: their own, once."""
    del now
    if actor.id != account.id:
        return refuse(
            "not_yours", _l("You can correct only your own data."), sign_in=actor.id is None
        )
    if was_corrected:
        message = _l(
            "You have corrected it once already. Ask the centre for the next correction: it looks at a document."
        )
        return refuse("corrected_once", message)
    return ALLOWED
