"""A roster's file between upload and confirmation: in a private folder, for its uploader, for an hour.

Must not know what is in the file. A file that is refused at once never gets here.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from ideas_app.core import clock
from ideas_app.core.tokens import new_token, token_hash

KEPT_FOR = timedelta(hours=1)


@dataclass(slots=True)
class Upload:
    """What is kept beside the file: whose it is, for what, and what was chosen in the preview."""

    account_id: int
    programme: str
    file_name: str
    sheet: str | None = None
    header_row: int | None = None
    columns: dict[str, int] | None = None
    """The column of each field where a person chose; None where they are guessed."""
    sessions: list[int] | None = None
    """The columns of meetings where a person chose."""
    decisions: dict[str, dict[str, Any]] = field(default_factory=dict)


def keep(upload: Upload, data: bytes) -> str:
    """Keeps a file; the token by which its uploader finds it again."""
    sweep()
    token = new_token()
    _write(_path(token, "data"), data)
    write(token, upload)
    return token


def write(token: str, upload: Upload) -> None:
    """Keeps what was chosen."""
    _write(_path(token, "json"), json.dumps(asdict(upload)).encode())


def find(token: str, *, account_id: int | None, programme: str) -> tuple[Upload, bytes] | None:
    """The file of a token if this person uploaded it for this programme within the hour, or None."""
    try:
        upload = Upload(**json.loads(_path(token, "json").read_bytes()))
        if upload.account_id != account_id or upload.programme != programme:
            return None
        if _is_old(_path(token, "data")):
            return None
        return upload, _path(token, "data").read_bytes()
    except FileNotFoundError:
        return None


def forget(token: str) -> None:
    """Deletes a file and what stood beside it."""
    for kind in ("data", "json"):
        _path(token, kind).unlink(missing_ok=True)


def sweep() -> None:
    """Deletes what is older than an hour."""
    for path in _folder().iterdir():
        with suppress(FileNotFoundError):  # another process was faster
            if _is_old(path):
                path.unlink()


def _is_old(path: Path) -> bool:
    return path.stat().st_mtime < (clock.now() - KEPT_FOR).timestamp()


def _folder() -> Path:
    folder = Path(current_app.instance_path) / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _path(token: str, kind: str) -> Path:
    """Under the token's hash: what an address says never becomes part of a path."""
    return _folder() / f"{token_hash(token)}.{kind}"


def _write(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(data)
