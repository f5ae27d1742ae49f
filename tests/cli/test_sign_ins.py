"""`flask demo sign-ins` gives the demonstration's people new passwords that open the door."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.people import PASSWORD, make_account

if TYPE_CHECKING:
    from flask import Flask


def test_a_new_password_is_printed_and_opens_and_the_former_one_no_longer_does(app: Flask) -> None:
    make_account("Youth")
    printed = app.test_cli_runner().invoke(args=["demo", "sign-ins"]).output
    (word,) = re.findall(r"youth@example\.org +(\S+)", printed)
    opened = [
        app.test_client().post("/login", data={"email": "youth@example.org", "password": each})
        for each in (word, PASSWORD)
    ]
    assert [answer.status_code for answer in opened] == [303, 422]
