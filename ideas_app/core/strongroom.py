"""A private folder for files that people bring and that are kept for an hour at most.

Each is found under the hash of a secret that only its owner's address holds, so that nothing said in an
address becomes part of a path. Must not know what is in a file.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from flask import current_app

from ideas_app.core import clock

KEPT_FOR = timedelta(hours=1)


def write(name: str, kind: str, data: bytes) -> None:
    """Keeps one part of a file, readable by the service alone; whoever reads meanwhile sees the old or the new."""
    path = _path(name, kind)
    fresh = path.with_suffix(f".{uuid4().hex}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(data)
    fresh.replace(path)


def read(name: str, kind: str) -> bytes | None:
    """One part of a file; None where it never was or its hour is over."""
    path = _path(name, kind)
    try:
        return None if _is_old(path) else path.read_bytes()
    except FileNotFoundError:
        return None


def forget(name: str, *kinds: str) -> None:
    """Deletes parts of a file."""
    for kind in kinds:
        _path(name, kind).unlink(missing_ok=True)


def names(kind: str) -> list[str]:
    """The files that have such a part."""
    return [path.stem for path in folder().glob(f"*.{kind}")]


def sweep() -> None:
    """Deletes what is older than an hour."""
    for path in folder().iterdir():
        with suppress(FileNotFoundError):  # another process was faster
            if _is_old(path):
                path.unlink()


def folder() -> Path:
    """The folder, which nobody else may enter."""
    found = Path(current_app.instance_path) / "uploads"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def _is_old(path: Path) -> bool:
    return path.stat().st_mtime < (clock.now() - KEPT_FOR).timestamp()


def _path(name: str, kind: str) -> Path:
    if not (name.isalnum() and kind.isalnum()):
        message = "names of kept files are letters and digits"
        raise ValueError(message)
    return folder() / f"{name}.{kind}"
