"""The document says what is there, and what it says is so."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from ideas_app.api.operation import OPERATIONS
from ideas_app.api.problems import CODES, OF_BODY, OF_POST
from ideas_app.cli.permissions import operations_table
from ideas_app.core import clock
from ideas_app.core.permissions import Permission, Role, Scope
from tests.api.programs import Program, token_of


@pytest.fixture
def document(visitor):
    return visitor.get("/api/openapi.json").json


def operations(document):
    return [
        (path, method.upper(), told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if method != "parameters"
    ]


def test_the_document_and_the_addresses_are_the_same(app, document):
    documented = {(path, method) for path, method, _told in operations(document)}
    served = {
        (re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert documented == served


def test_the_document_is_the_same_for_everybody_each_time(app, visitor):
    first = visitor.get("/api/openapi.json", headers={"Accept-Language": "en"})
    second = app.test_client().get("/api/openapi.json", headers={"Accept-Language": "ko"})
    assert first.data == second.data
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = visitor.get("/api/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_every_operation_says_what_it_is_who_may_and_what_can_go_wrong(document):
    for path, method, told in operations(document):
        name = f"{method} {path}"
        operation = OPERATIONS[told["operationId"]]
        assert len(told["summary"]) > 5, name
        assert told["x-permission"] in {"public", "signed_in", *Permission}, name
        assert told["x-scope"] in set(Scope), name
        codes = {
            code
            for each in told["responses"].values()
            for code in re.findall(r"`(\w+)`:", each["description"])
        }
        assert codes == set(operation.codes), name
        for status, answer in told["responses"].items():
            if int(status) >= 400:
                assert set(answer["content"]) == {"application/problem+json"}, name
        for parameter in told["parameters"]:
            assert parameter["in"] != "path" or "example" in parameter, f"{name}: give an example"


def test_every_code_is_explained_and_used(document):
    used = {code for each in OPERATIONS.values() for code in each.codes}
    of_acts = {*OF_BODY, *OF_POST, "not_a_truth", "not_a_date", "not_one_of"}
    assert used | of_acts | {
        "bad_request",
        "method_not_allowed",
        "sign_in",
        "not_permitted",
    } == set(CODES)
    assert set(document["x-codes"]) == set(CODES)


PEOPLE = {
    "visitor": None,
    Role.YOUTH: "mina",
    Role.MODERATOR: "sora",
    Role.OFFICIAL: "hyun",
    Role.ADMIN: "dana",
}


def address(operation):
    return re.sub(
        r"<(int)?:?\w+>", lambda found: "2000000000" if found[1] else "nowhere", operation.path
    )


def rights():
    head, _line, *rows = operations_table().splitlines()
    roles = head.split()[2:]
    return {row.split()[0]: dict(zip(roles, row.split()[2:], strict=True)) for row in rows}


def test_each_operation_opens_to_the_roles_of_the_golden_matrix_and_to_no_other(app, cast):
    programs = {
        role: Program(app, token_of(getattr(cast, name)) if name else None)
        for role, name in PEOPLE.items()
    }
    for name, row in rights().items():
        for role, cell in row.items():
            operation = OPERATIONS[name]
            answer = programs[role].ask(
                operation.method, address(operation), json=None if operation.method == "GET" else {}
            )
            code = (answer.get_json(silent=True) or {}).get("code", "")
            closed = code in {"sign_in", "not_permitted", "scope_missing"}
            assert closed == (cell != "yes"), f"{role} {name}: {answer.status_code} {code}"
            if cell != "yes":
                assert code == cell, f"{role} {name}"


def test_each_operation_refuses_a_dead_token_and_one_without_its_scope(app, cast):
    dead = {
        "unknown": Program(app, "ya_unknown"),
        "past": Program(app, token_of(cast.dana, days=1)),
    }
    lacking = {scope: Program(app, token_of(cast.dana, *(set(Scope) - {scope}))) for scope in Scope}
    for operation in OPERATIONS.values():
        body = None if operation.method == "GET" else {}
        for kind, program in dead.items():
            with clock.at(clock.now() + timedelta(days=1 if kind == "past" else 0)):
                answer = program.ask(operation.method, address(operation), json=body)
            told = (answer.status_code, answer.json["code"])
            assert told == (401, "token_invalid"), f"{kind} {operation.name}"
        answer = lacking[operation.scope].ask(operation.method, address(operation), json=body)
        assert (answer.status_code, answer.json["code"]) == (403, "scope_missing"), operation.name


def test_the_document_is_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    assert json.loads(json.dumps(document)) == document


def test_only_operations_act_without_the_token_of_a_form(app):
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        is_operation = rule.rule.startswith("/api/v1/")
        assert getattr(view, "by_bearer", False) == is_operation, rule.endpoint
