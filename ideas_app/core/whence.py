"""From where the present act comes: the network address of the request, for the access log alone.

The web sets it at the beginning of a request and takes it away at the end; commands and workers have none. Must
not know requests, and nobody but the access log may keep what it says.
"""

from __future__ import annotations

from contextvars import ContextVar

_address: ContextVar[str] = ContextVar("address", default="")


def address() -> str:
    """The address that asks, behind the trusted proxies; empty for commands and workers."""
    return _address.get()


def set_address(value: str) -> None:
    """Says from where what follows comes."""
    _address.set(value[:45])
