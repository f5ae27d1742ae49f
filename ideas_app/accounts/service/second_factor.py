"""The second factor of staff: codes of an authenticator app, each good once, and recovery codes.

The app's secret is worked out of PERSON_KEY, the account and a random nonce, so that the database does not hold
it. Before a code is looked at, `count_code` counts the try in a transaction of its own. Must not know the cookie.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from ideas_app.accounts import policy, queries, rules
from ideas_app.accounts.events import WaysInChanged
from ideas_app.accounts.models import LoginSession, RecoveryCode, SecondFactor
from ideas_app.accounts.service import attempts
from ideas_app.accounts.service.confirming import mark_confirmed
from ideas_app.accounts.service.signing_in import end_other_sessions
from ideas_app.adapters import onetime
from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.outbox import publish
from ideas_app.core.tokens import lasting_secret, new_token, token_hash

if TYPE_CHECKING:
    from ideas_app.accounts.models import Account
    from ideas_app.core.actor import Actor


def begin_factor() -> str:
    """The nonce of a new secret; it counts for nothing until `set_factor`."""
    return new_token()


def factor_key(account_id: int | None, nonce: str) -> str:
    """The secret that an app is told, as it is typed."""
    return onetime.as_key(lasting_secret(f"second-factor:{account_id}:{nonce}"))


def owes_code(account: Account, *, setting: str) -> bool:
    """Whether whoever has shown the password of an account must give a code before a session begins."""
    has_factor = queries.find_second_factor(account.id) is not None
    return has_factor and rules.is_held(
        account.role, setting=setting, has_factor=True, was_given=False
    )


def count_code(account_id: int | None) -> None:
    """Counts a try; a right code takes it back. Raises `TooMany`."""
    attempts.count(rules.CODE_PER_ACCOUNT, str(account_id))


def set_factor(actor: Actor, nonce: str, code: str) -> list[str]:
    """Sets up the app, for the first time or in place of another one; the recovery codes, told this once.

    The other sessions end, and the owner gets a mail. Raises `Refused` (not staff, not confirmed, the present
    factor not given) and `Invalid` at `code`.
    """
    account = queries.get_account(actor.id)
    factor = _locked(account.id)
    policy.may_set_factor(actor, account, has_factor=factor is not None).require()
    now = clock.now()
    step = onetime.find_step(factor_key(account.id, nonce), rules.read_code(code), now)
    if step is None:
        raise Invalid(_wrong())
    if factor is None:
        factor = SecondFactor(account_id=account.id)
        session().add(factor)
    factor.nonce, factor.last_step, factor.set_at = nonce, step, now
    attempts.forgive(rules.CODE_PER_ACCOUNT, str(account.id))
    _mark_given(actor)
    end_other_sessions(actor)
    record(actor, Tag.ACCOUNT_FACTOR_SET, "account", account.id)
    publish(WaysInChanged(account.id, "factor_set"))
    return _new_codes(account.id)


def use_code(account_id: int, typed: str) -> None:
    """Takes a code of the app, or a recovery code, so that it opens nothing again. Raises `Invalid` at `code`."""
    factor = _locked(account_id)
    code = rules.read_code(typed)
    if factor is None or not (_is_new_step(factor, code) or _is_recovery(account_id, code)):
        raise Invalid(_wrong())
    attempts.forgive(rules.CODE_PER_ACCOUNT, str(account_id))


def give_code(actor: Actor, typed: str) -> None:
    """A code within a session: it opens the desk, and shows once more who it is. Raises `Invalid` at `code`."""
    use_code(queries.get_account(actor.id).id, typed)
    _mark_given(actor)
    mark_confirmed(actor)


def make_codes(actor: Actor) -> list[str]:
    """New recovery codes, told this once; the former ones end. Raises `Refused` and `Conflict`."""
    account = queries.get_account(actor.id)
    factor = _locked(account.id)
    policy.may_set_factor(actor, account, has_factor=factor is not None).require()
    if factor is None:
        raise Conflict("no_factor", _l("There is no second factor."))
    publish(WaysInChanged(account.id, "codes_made"))
    return _new_codes(account.id)


def reset_factor(actor: Actor, account: Account, *, reason: str) -> None:
    """Takes a lost factor away: sessions end, and the person sets up a new one.

    Raises `Refused`, `Conflict` and `Invalid` (no reason).
    """
    policy.may_manage(actor, account, now=clock.now()).require()
    if queries.find_second_factor(account.id) is None:
        raise Conflict("no_factor", _l("There is no second factor."))
    for table in (SecondFactor, RecoveryCode, LoginSession):
        session().execute(delete(table).where(table.account_id == account.id))
    record(actor, Tag.ACCOUNT_FACTOR_RESET, "account", account.id, reason=reason)
    publish(WaysInChanged(account.id, "factor_reset"))


def count_codes(account_id: int | None) -> int:
    """How many recovery codes are left."""
    query = select(func.count(RecoveryCode.id)).where(RecoveryCode.account_id == account_id)
    return session().scalar(query) or 0


def _locked(account_id: int) -> SecondFactor | None:
    """The factor as it is now, held until the transaction ends: of two who use one code, one comes second."""
    return session().get(SecondFactor, account_id, with_for_update=True, populate_existing=True)


def _is_new_step(factor: SecondFactor, code: str) -> bool:
    step = onetime.find_step(factor_key(factor.account_id, factor.nonce), code, clock.now())
    if step is None or step <= factor.last_step:
        return False
    factor.last_step = step
    return True


def _is_recovery(account_id: int, code: str) -> bool:
    mine = RecoveryCode.account_id == account_id, RecoveryCode.code_hash == _hash(account_id, code)
    gone = session().execute(delete(RecoveryCode).where(*mine).returning(RecoveryCode.id)).all()
    if gone:
        publish(WaysInChanged(account_id, "code_used"))
    return bool(gone)


def _new_codes(account_id: int) -> list[str]:
    session().execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [
        "-".join(_group() for _each in range(rules.RECOVERY_GROUPS))
        for _code in range(rules.RECOVERY_CODES)
    ]
    session().add_all(
        RecoveryCode(account_id=account_id, code_hash=_hash(account_id, rules.read_code(code)))
        for code in codes
    )
    return codes


def _group() -> str:
    return "".join(secrets.choice(rules.RECOVERY_SIGNS) for _each in range(rules.RECOVERY_GROUP))


def _hash(account_id: int, code: str) -> str:
    return token_hash(f"recovery:{account_id}:{code}")


def _mark_given(actor: Actor) -> None:
    row = session().get(LoginSession, actor.session_id)
    if row is not None and row.account_id == actor.id:
        row.factor_at = clock.now()


def _wrong() -> Fault:
    message = _l(
        "This code is not right, or was used already. Wait for the next one and try again."
    )
    return Fault("code", "code_wrong", message)
