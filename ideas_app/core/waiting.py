"""What a thread holds for the sake of others, such as its place among the few that work at once, is given up before it
waits for a disk: another can work meanwhile.

Whoever holds something says how to let go of it; whoever is about to wait knows nothing else. Must not know either.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class _Held(threading.local):
    let_go: Callable[[], None] | None = None


_held = _Held()


def hold(release: Callable[[], None]) -> None:
    """Notes what lets go of what this thread holds from now on; each thread holds one thing at most."""
    _held.let_go = release


def let_go() -> None:
    """Gives up what this thread holds; nothing where it holds nothing, or no more."""
    release, _held.let_go = _held.let_go, None
    if release is not None:
        release()
