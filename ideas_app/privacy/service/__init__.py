"""What people do with their rights: download, ask, withdraw; and how the centre answers."""

from __future__ import annotations

from ideas_app.privacy.service.asking import Asking, ask, ask_without_account, withdraw
from ideas_app.privacy.service.download import Download, make_json, make_zip
from ideas_app.privacy.service.settling import (
    EMPTY,
    extend,
    forget_person,
    make_register,
    settle,
)

__all__ = (
    "EMPTY",
    "Asking",
    "Download",
    "ask",
    "ask_without_account",
    "extend",
    "forget_person",
    "make_json",
    "make_register",
    "make_zip",
    "settle",
    "withdraw",
)
