"""Making bundles of open data, keeping them up with the data, and keeping a year for good."""

from __future__ import annotations

from ideas_app.opendata.service.bundles import Built, archive, archive_answered, build, refresh

__all__ = ["Built", "archive", "archive_answered", "build", "refresh"]
