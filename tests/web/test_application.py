"""What is asked for in addresses and forms reads as Flask's own, whether or not it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import request
from werkzeug.exceptions import BadRequestKeyError

if TYPE_CHECKING:
    from flask import Flask


def test_values_that_are_missing_are_nothing_and_those_that_must_be_there_are_refused(
    app: Flask,
) -> None:
    with app.test_request_context("/?page=2&page=3&word=&odd=x", method="POST", data={"own": "1"}):
        assert request.args.get("page") == "2"
        assert request.args.getlist("page") == ["2", "3"]
        assert request.args.get("page", type=int) == 2
        assert request.args.get("odd", 7, type=int) == 7
        assert request.args.get("word", "else") == ""
        assert request.args.get("none") is None
        assert request.args.get("none", "else") == "else"
        assert (request.form.get("own"), request.form.get("none")) == ("1", None)
        assert (request.values.get("odd"), request.values.get("none")) == ("x", None)
        with pytest.raises(BadRequestKeyError):
            request.args["none"]
