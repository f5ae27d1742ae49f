"""Libraries that only few processes need, imported when they are first used.

A server that never draws a map or writes a document would else carry some 70 MB of them from its start. Types are
kept by importing the library itself under `TYPE_CHECKING`. Must not know which libraries those are.
"""

from __future__ import annotations

import importlib
from typing import Any


class Later:
    """Stands for a module until a name of it is asked for; then the module is imported and the name kept.

    Nothing of it may be asked for while the asking module is itself imported: then nothing is gained.
    """

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, name: str) -> Any:
        found = getattr(importlib.import_module(self.__name__), name)
        setattr(self, name, found)
        return found


def later(name: str) -> Later:
    """The module of that name. Raises `ImportError` at the first use, if there is none."""
    return Later(name)
