"""The blueprint that the pages of this room hang on, and Markdown as these pages show it. Must not hold a view."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import gettext as _

from ideas_app.core.markup import render_page

blueprint = Blueprint("terms", __name__)


def as_html(source: str) -> str:
    """A text of the house in HTML; its tables scroll by themselves on a narrow screen, also by keyboard."""
    frame = f'<div class="c-tablewrap" role="group" aria-label="{_("Table")}" tabindex="0">'
    html = render_page(source).replace("</table>", "</table></div>")
    return html.replace("<table>", f'{frame}<table class="c-table c-table--dense">')
