"""The shape of what people send from their inbox."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import NumberRange

from ideas_app.web.baseform import BaseForm


class ReadForm(BaseForm):
    """The newest notice that the person has seen."""

    until = IntegerField(validators=[NumberRange(min=1, max=2**31 - 1)])
