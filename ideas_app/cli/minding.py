"""Runs the processes of `flask serve` side by side: a script of the standard library alone, so that it stays small.

Called with the folder to work in and the commands as JSON. Must not import anything of the service.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


def mind(folder: str, commands: list[list[str]]) -> int:
    """Runs the commands; when one ends or a stop is asked for, ends all. The first exit code.

    SIGHUP goes to the first one, the server.
    """
    children = [subprocess.Popen(command, cwd=folder) for command in commands]  # noqa: S603  # our own interpreter

    def leave(_signal: int, _frame: FrameType | None) -> None:
        for child in children:
            child.terminate()

    def reload(number: int, _frame: FrameType | None) -> None:
        # the server exchanges its processes one by one; the worker has nobody waiting
        children[0].send_signal(number)

    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, leave)
    signal.signal(signal.SIGHUP, reload)
    ended, status = os.wait()
    code = os.waitstatus_to_exitcode(status)
    for child in children:
        if child.pid != ended:
            child.terminate()
            child.wait(timeout=40)
    return max(code, 0)


if __name__ == "__main__":
    raise SystemExit(mind(sys.argv[1], json.loads(sys.argv[2])))
