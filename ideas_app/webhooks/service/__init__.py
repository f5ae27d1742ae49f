"""The verbs of webhooks: who is told, and telling them."""

from ideas_app.webhooks.service.managing import (
    add_endpoint,
    change_endpoint,
    remove_endpoint,
    rotate_secret,
    switch,
)
from ideas_app.webhooks.service.sending import (
    announce,
    forget_old,
    retry_now,
    send_due,
    send_test,
)

__all__ = [
    "add_endpoint",
    "announce",
    "change_endpoint",
    "forget_old",
    "remove_endpoint",
    "retry_now",
    "rotate_secret",
    "send_due",
    "send_test",
    "switch",
]
