"""Markdown as users may write it, made safe HTML once, when it is saved.

Must not know who wrote it. Tables and images are off: a table turned 8 KB into 663 KB of HTML in trials,
and a picture from elsewhere would tell its host who reads the page.
"""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

_PARSER = MarkdownIt("zero", {"breaks": True, "html": False, "linkify": False}).enable(
    ["emphasis", "list", "newline", "escape", "link", "blockquote", "entity"]
)


def _local_or_full(_tag: str, attribute: str, value: str) -> str | None:
    """Drops links without a scheme that leave this site all the same (`//host`)."""
    return None if attribute == "href" and value.startswith(("//", "\\", "/\\")) else value


_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote"}


def render(source: str) -> str:
    """Safe HTML of a text: paragraphs, lists, emphasis, links marked as user content. Pure."""
    return nh3.clean(
        _PARSER.render(source),
        tags=_TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_local_or_full,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )


_PAGE_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


def render_page(source: str) -> str:
    """HTML of the house's own texts, headings and tables included: an administrator answers for them."""
    return nh3.clean(
        _PAGE_PARSER.render(source),
        tags=_TAGS | {"h2", "h3", "table", "thead", "tbody", "tr", "th", "td"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
    )
