"""Pages of answers: the public ledger, the officials' inbox, the screen on which they answer.

Must not hold rules or queries.
"""

from ideas_app.answers.views import desk, ledger, pictures, promises
from ideas_app.answers.views.frame import blueprint

__all__ = ["blueprints", "desk", "ledger", "pictures", "promises"]

blueprints = (blueprint,)
