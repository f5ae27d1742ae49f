"""The service in which a city's youth submit, discuss and vote on policy ideas.

`create_app()` is the whole public interface of this package for servers and the `flask` command.
It must not hold anything else: how the application is put together stands in `factory`.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app() -> Flask:
    """The application with the settings of the environment.

    Raises `config.SettingsError`, one line a fault, when a setting is wrong.
    """
    # nothing of what is imported goes away again: looking for what might have takes a sixth of the start
    gc.disable()
    try:
        from ideas_app.factory import build_app

        return build_app()
    finally:
        gc.enable()
