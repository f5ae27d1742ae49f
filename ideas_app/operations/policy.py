"""Who looks after the work in the background. Must not change anything."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, refuse

if TYPE_CHECKING:
    from collections.abc import Collection

    from ideas_app.core.actor import Actor


def may_operate(actor: Actor) -> Verdict:
    """Administrators, and the operator at the command line."""
    if actor.has(Permission.SYSTEM_OPERATE):
        return ALLOWED
    return refuse("not_permitted", _l("Only administrators look after background work."))


def may_read_measures(address: str | None, networks: Collection[str]) -> bool:
    """Whether an address lies in one of the networks that may read /metrics."""
    try:
        asked = ip_address(address or "")
    except ValueError:
        return False
    mapped = getattr(asked, "ipv4_mapped", None) or asked
    return any(mapped in ip_network(network) for network in networks)
