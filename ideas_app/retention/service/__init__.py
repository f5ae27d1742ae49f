"""The verbs of the house's duties: see to periods, set one, sign a month's check."""

from __future__ import annotations

from ideas_app.retention.service.checking import sign_check
from ideas_app.retention.service.registering import register
from ideas_app.retention.service.running import BATCH, Done, ask_all, run_period
from ideas_app.retention.service.setting import set_period

__all__ = ("BATCH", "Done", "ask_all", "register", "run_period", "set_period", "sign_check")
