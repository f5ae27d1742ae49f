"""Marks functions of templates that give the same on every request: what they say may be kept when compiling.

Must not know any feature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")


def steady(function: Function) -> Function:
    """Says that a function depends on its arguments, the language and what is installed alone: on no setting, no
    request, no person, no row, no time. Templates then ask it once where they call it with constants, and what was
    compiled so is kept for the next start.
    """
    function.is_steady = True  # type: ignore[attr-defined]
    return function


def is_steady(function: object) -> bool:
    """Whether a function was marked so."""
    return getattr(function, "is_steady", False)
