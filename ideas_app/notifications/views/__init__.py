"""Pages of notices: the inbox, the channels, stopping mails.

Must not hold rules or queries.
"""

from ideas_app.notifications.views import inbox, settings, stop
from ideas_app.notifications.views.frame import blueprint

__all__ = ["blueprint", "blueprints", "inbox", "settings", "stop"]

blueprints = (blueprint,)
