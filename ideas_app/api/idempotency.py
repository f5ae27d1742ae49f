"""`Idempotency-Key`: the same act sent twice is done once and answered twice alike.

The key's row is written in the transaction of the act, so both are real or neither is: a request that failed
left no key and may be sent again. Of two at the same moment the database lets one wait for the other, then
gives it the first one's answer. Source: draft-ietf-httpapi-idempotency-key-header-06. Must not know any act.
"""

from __future__ import annotations

import functools
import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request
from sqlalchemy import delete, select, update

from ideas_app.api.models import IdempotencyKey
from ideas_app.core import clock
from ideas_app.core.db import insert_ignore, session, transaction
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.tokens import token_hash
from ideas_app.web.access import current_actor

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

HEADER = "Idempotency-Key"
LONGEST = 200
KEPT = timedelta(hours=24)


def once(view: Callable[..., Response], operation: str) -> Callable[..., Response]:
    """A view of an act that runs inside one transaction, and answers a repeated key with the answer it gave
    before.
    """

    @functools.wraps(view)
    def kept(*args: Any, **kwargs: Any) -> Response:
        key = _key() if request.method == "POST" else None
        account_id = current_actor().id
        with transaction():
            if key is None or account_id is None:
                return view(*args, **kwargs)
            if not _claim(account_id, key, operation):
                return _answer_again(account_id, key, operation)
            answer = view(*args, **kwargs)
            _keep(account_id, key, answer)
        return answer

    return kept


def _key() -> str | None:
    """The key that the program chose. Raises `Invalid` for one that is empty, too long or odd."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    if not 1 <= len(given) <= LONGEST or not (given.isascii() and given.isprintable()):
        message = _l("The key has 1 to %(most)s plain characters.", most=LONGEST)
        raise Invalid(Fault(HEADER, "idempotency_key", message))
    return token_hash(given)


def _digest() -> str:
    asked = f"{request.method} {request.full_path}".encode() + b"\n" + request.get_data(cache=True)
    return hashlib.sha256(asked).hexdigest()


def _claim(account_id: int, key: str, operation: str) -> int:
    forget_answers(clock.now() - KEPT, account_id)
    values = {
        "account_id": account_id,
        "key_hash": key,
        "operation": operation,
        "request_digest": _digest(),
        "status": 0,
        "body": {},
        "created_at": clock.now(),
    }
    return insert_ignore(IdempotencyKey, values)


def _answer_again(account_id: int, key: str, operation: str) -> Response:
    """Raises `Invalid` where the key stood for another request, `Conflict` where its act is not done yet."""
    found = session().scalar(
        select(IdempotencyKey)
        .where(IdempotencyKey.account_id == account_id, IdempotencyKey.key_hash == key)
        .execution_options(populate_existing=True)
    )
    if found is None:
        message = _l("The request with this key is not done yet. Ask again in a moment.")
        raise Conflict("idempotency_running", message)
    if found.operation != operation or found.request_digest != _digest():
        message = _l("This key was used for another request. Take a fresh key for each act.")
        raise Invalid(Fault(HEADER, "idempotency_mismatch", message))
    answer = jsonify(found.body["answer"])
    answer.status_code = found.status
    answer.headers["Idempotency-Replayed"] = "true"
    if found.body["location"]:
        answer.headers["Location"] = found.body["location"]
    return answer


def _keep(account_id: int, key: str, answer: Response) -> None:
    body = {"answer": answer.get_json(), "location": answer.headers.get("Location")}
    session().execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.account_id == account_id, IdempotencyKey.key_hash == key)
        .values(status=answer.status_code, body=body)
    )


def forget_answers(before: datetime, account_id: int | None = None) -> None:
    """Deletes answers that were kept since before an instant, of one person or of all."""
    old = IdempotencyKey.created_at < before
    query = delete(IdempotencyKey).where(old)
    if account_id is not None:
        query = query.where(IdempotencyKey.account_id == account_id)
    session().execute(query)
