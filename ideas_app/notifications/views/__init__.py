"""Pages of notices: the inbox, the channels, stopping mails, and what failed on its way out.

Must not hold rules or queries.
"""

from ideas_app.notifications.views import inbox, outbox, settings, stop
from ideas_app.notifications.views.frame import blueprint

__all__ = ["blueprint", "blueprints", "inbox", "outbox", "settings", "stop"]

blueprints = (blueprint,)
