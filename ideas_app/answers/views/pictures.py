"""Pictures of promises: sent as they were drawn, to be kept for ever by whoever may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, make_response

from ideas_app.answers import policy, queries
from ideas_app.answers.views.frame import blueprint
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.web.access import current_actor, public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_FOR_EVER = "private, max-age=31536000, immutable"
"""In the reader's own browser only: a shared cache would go on showing what the centre has hidden since."""


@blueprint.get("/promises/pictures/<int:picture_id>-<mark>.webp")
@public
def picture(picture_id: int, mark: str) -> ResponseReturnValue:
    """A picture at its full size."""
    return _picture(picture_id, mark, small=False)


@blueprint.get("/promises/pictures/small/<int:picture_id>-<mark>.webp")
@public
def small_picture(picture_id: int, mark: str) -> ResponseReturnValue:
    """A picture as lists show it."""
    return _picture(picture_id, mark, small=True)


def _picture(picture_id: int, mark: str, *, small: bool) -> Response:
    found, is_public = queries.get_picture(picture_id, mark, small=small)
    if not policy.may_see_picture(current_actor(), is_public=is_public):
        raise NotFound("no_picture", _l("There is no such picture."))
    answer = make_response(found.small if small else found.image)
    answer.content_type = "image/webp"
    answer.headers["Cache-Control"] = _FOR_EVER
    # opened by itself it is a picture and nothing else, whatever its bytes may say
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
