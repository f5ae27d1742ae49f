"""Reads of webhooks: endpoints, their log, and what a message may say.

Must not change anything.
"""

from ideas_app.webhooks.queries.endpoints import (
    find_delivery,
    get_delivery,
    get_endpoint,
    list_administrators,
    list_deliveries,
    list_endpoints,
    list_listening,
    secrets_of,
)
from ideas_app.webhooks.queries.messages import body_of

__all__ = [
    "body_of",
    "find_delivery",
    "get_delivery",
    "get_endpoint",
    "list_administrators",
    "list_deliveries",
    "list_endpoints",
    "list_listening",
    "secrets_of",
]
