"""Parts of pages that many pages have in common: rendered once, and kept while all that they are made of is the same.

Only for what everybody sees alike. Must not know any feature.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Hashable

    from jinja2.runtime import Context

MOST = 64
"""Parts that are kept for each language in a process; of some kilobytes each."""

_lock = Lock()


@pass_context
def kept_part(context: Context, name: str, *made_of: Hashable) -> Markup:
    """A template with the values of the page around it, rendered, or kept from an earlier time.

    `made_of` has to name everything that the part depends on: values, or objects that are others as soon as anything of
    them changes. The language is known anyway; where none is folded in, nothing is kept.
    """
    environment: Any = context.environment
    if environment.language is None:
        return _rendered(context, name)
    kept: dict[Hashable, Markup] = environment.__dict__.setdefault("kept_parts", {})
    key = (name, made_of)
    found = kept.get(key)
    if found is None:
        found = _rendered(context, name)
        with _lock:
            while len(kept) >= MOST:
                del kept[next(iter(kept))]  # the oldest: what is still asked for is soon back
            kept[key] = found
    return found


def _rendered(context: Context, name: str) -> Markup:
    written = context.environment.get_template(name).render(context.get_all())
    return Markup(written)  # noqa: S704  # a template of ours
