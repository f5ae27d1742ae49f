"""One decorator for every operation: address, access, scope, shapes, faults and example stand in one place, and
become both what is enforced and what the document says.

An operation is written like this, in `v1/<feature>.py` for reads, `v1/acts_<feature>.py` for acts, and the module
is named in `v1/__init__.py`:

    @operation("POST", "/ideas", access=Permission.IDEA_SUBMIT, body=IdeaDraft, answer=Idea, status=201,
               errors=("closed",), example=Example(body={...}))
    def submit_idea(asked: Asked) -> Any:
        '''Send an idea.

        What a reader of the document has to know beside the shapes.
        '''
        return shape(service.submit(current_actor(), asked.body, ...))

The view gets what was asked, then returns what its shape takes; faults are raised as in services. An act runs
inside one transaction, and a repeated `Idempotency-Key` of a POST is answered without running it again. Must
not know any feature.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode

from flask import Response, request
from flask_smorest import Blueprint
from werkzeug.exceptions import NotAcceptable

from ideas_app.api import idempotency
from ideas_app.api.auth import check_scope, check_token
from ideas_app.api.limits import limited
from ideas_app.api.paging import list_name
from ideas_app.api.parsing import StrictParser, refuse_body
from ideas_app.api.problems import ANYWHERE, CODES, OF_BODY, OF_PAGE, OF_POST, OF_QUERY, by_status
from ideas_app.api.shapes import Nothing, Paged
from ideas_app.core.errors import Conflict, Refused
from ideas_app.core.permissions import Permission, Role, Scope, has
from ideas_app.web.access import by_bearer, public, requires, signed_in
from ideas_app.web.replicas import may_lag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ideas_app.api.shapes import Body, Query, Shape

Access = Literal["public", "signed_in"] | Permission
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
JSON = "application/json"
_PART = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


class ApiBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """The blueprint of all operations."""

    ARGUMENTS_PARSER = StrictParser()


blueprint = ApiBlueprint("api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True, slots=True)
class Example:
    """A request that works on the demo year, and in the tests: what stands in its address and its body."""

    path: Mapping[str, int | str] = field(default_factory=dict)
    query: Mapping[str, int | str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program asked for, read and checked for its shape: the query, and the body of an act."""

    query: Mapping[str, Any]
    body: Mapping[str, Any]
    list_name: str
    """Under which cursors of this list are given out and taken in."""

    @property
    def limit(self) -> int:
        """Entries of a page."""
        return int(self.query["limit"])

    @property
    def cursor(self) -> str | None:
        """The cursor as it was sent."""
        return self.query.get("cursor")


@dataclass(frozen=True, slots=True)
class Operation:
    """What the document and the tests know of an operation; `x_permission` as on pages, for programs."""

    name: str
    method: Method
    path: str
    access: Access
    scope: Scope
    query: type[Query]
    body: type[Body] | None
    answer: type[Shape] | None
    status: int
    kind: str
    errors: tuple[str, ...]
    example: Example

    @property
    def permission(self) -> str:
        """`public`, `signed_in` or the permission's name."""
        return self.access.value if isinstance(self.access, Permission) else self.access

    @property
    def is_act(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET"

    @property
    def is_list(self) -> bool:
        """Whether it comes in pages."""
        return issubclass(self.query, Paged)

    @property
    def codes(self) -> list[str]:
        """Every code it can answer with."""
        found = [*ANYWHERE, *OF_QUERY, *self.errors, "scope_missing"]
        found += OF_PAGE if self.is_list else ()
        found += OF_BODY if self.body else ()
        found += OF_POST if self.method == "POST" else ()
        found += ["not_found"] if "<" in self.path else []
        found += [] if self.access == "public" else ["sign_in"]
        found += ["not_permitted"] if isinstance(self.access, Permission) else []
        return sorted(set(found))


OPERATIONS: dict[str, Operation] = {}
"""Every operation by its name, which is its endpoint after `api.`."""


def operation(  # noqa: PLR0913  # one row of a table: each argument is a column of the document
    method: Method,
    path: str,
    *,
    access: Access = "public",
    scope: Scope | None = None,
    query: type[Query] = Nothing,
    body: type[Body] | None = None,
    answer: type[Shape] | None = None,
    status: int = 200,
    kind: str = JSON,
    errors: tuple[str, ...] = (),
    example: Example | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers a view as an operation. Raises `KeyError` for a code that `problems.CODES` does not know."""

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        told = Operation(
            name=view.__name__,
            method=method,
            path=path,
            access=access,
            scope=scope or _usual_scope(method, access),
            query=query,
            body=body,
            answer=answer,
            status=status,
            kind=kind,
            errors=errors,
            example=example or Example(),
        )
        OPERATIONS[told.name] = told
        whole = _documented(told, _guarded(told, _shaped(told, view)))
        blueprint.add_url_rule(path, told.name, whole, methods=[method], tags=[_tag(view)])
        return view

    return register


def _usual_scope(method: Method, access: Access) -> Scope:
    """Staff work needs the scope of that name, reads and acts of everybody theirs."""
    if isinstance(access, Permission) and not has(Role.YOUTH, access):
        return Scope.STAFF
    return Scope.READ if method == "GET" else Scope.WRITE


def _tag(view: Callable[..., Any]) -> str:
    return view.__module__.rpartition(".")[2].removeprefix("acts_")


def _shaped(told: Operation, view: Callable[..., Any]) -> Callable[..., Response]:
    """From the parsed request to the answer in its shape."""

    @functools.wraps(view)
    def asked(query: Mapping[str, Any], *rest: Any, **path: Any) -> Any:
        if told.is_act and told.body is None:
            refuse_body(request)
        name = list_name(told.name, {**query, **path})
        return view(Asked(query, rest[0] if rest else {}, name), **path)

    shaped = blueprint.response(
        told.status,
        told.answer or ({"type": "string"} if told.kind != JSON else None),
        content_type=told.kind,
        description=HTTPStatus(told.status).phrase,
    )(asked)
    if told.is_act:
        shaped = idempotency.once(shaped, told.name)
    if told.body:
        shaped = blueprint.arguments(told.body, location="json")(shaped)
    answer: Callable[..., Response] = blueprint.arguments(told.query, location="query")(shaped)
    return answer


def _guarded(told: Operation, view: Callable[..., Response]) -> Callable[..., Any]:
    """From outside in: the limit, the token, the access, the scope, the kind of answer."""
    if told.access == "public" and not told.is_act:
        view = may_lag(view)

    @functools.wraps(view)
    def scoped(*args: Any, **kwargs: Any) -> Response:
        check_scope(told.scope)
        if request.accept_mimetypes and not request.accept_mimetypes[told.kind]:
            raise NotAcceptable
        return _kept(told, _one_status(view, *args, **kwargs))

    guarded = _declared(told.access)(scoped)

    @functools.wraps(guarded)
    def known(*args: Any, **kwargs: Any) -> Any:
        check_token()
        return guarded(*args, **kwargs)

    return by_bearer(limited(known, is_act=told.is_act))


def _one_status(view: Callable[..., Response], *args: Any, **kwargs: Any) -> Response:
    """A code has one status wherever it comes from: what time or state forbids is 409, also where a page
    only refuses.
    """
    try:
        return view(*args, **kwargs)
    except Refused as fault:
        known = CODES.get(fault.code)
        if known is None or known.status != Conflict.status:
            raise
        raise Conflict(fault.code, fault.message) from None


def _declared(access: Access) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    if isinstance(access, Permission):
        return requires(access)
    return public if access == "public" else signed_in


def _kept(told: Operation, answer: Response) -> Response:
    """Who may keep the answer: everybody that of a public read, if they ask each time whether it still
    holds; of what a token opened, its program at most. Public reads go to pages of other sites too.
    """
    answer.vary.update(("Accept-Language", "Authorization"))
    if told.is_act or told.access != "public":
        answer.cache_control.no_store = True
        return answer
    answer.headers["Cache-Control"] = (
        "private, no-cache" if "Authorization" in request.headers else "public, no-cache"
    )
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = (
        "ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After"
    )
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer


def _documented(told: Operation, view: Callable[..., Any]) -> Callable[..., Any]:
    """What the document says of it beside its docstring and shapes."""
    responses = {
        status: {
            "description": "; ".join(f"`{code}`: {CODES[code].meaning}" for code in codes),
            "x-codes": codes,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for status, codes in by_status(told.codes).items()
    }
    documented: Callable[..., Any] = blueprint.doc(
        operationId=told.name,
        security=[{}, {"bearer": []}] if told.access == "public" else [{"bearer": []}],
        responses=responses,
        **{"x-permission": told.permission, "x-scope": told.scope.value},
    )(view)
    return documented


def address_of(told: Operation) -> str:
    """The path and query of the operation's example."""
    path = _PART.sub(lambda part: quote(str(told.example.path[part[1]]), safe=""), told.path)
    query = urlencode(told.example.query, quote_via=quote)
    return f"{blueprint.url_prefix}{path}" + (f"?{query}" if query else "")
