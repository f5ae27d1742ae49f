"""A roster's file between upload and confirmation: kept in a private folder, for its uploader, for an hour.

A small one is read while somebody waits, at each look. A large one is read by the worker, once for each choice:
what it found is kept beside the file until the hour is over, and so is how far it came. The bytes go as soon as
the roster is stored; only their fingerprint stays, with the import. Must not know what is in the file.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from ideas_app.core import outbox, strongroom
from ideas_app.core.tokens import new_token, token_hash
from ideas_app.programmes.events import RosterAwaited

LARGE = 400_000
"""Bytes from which on the worker reads a file: some 8,000 rows, two seconds."""


class Stage(StrEnum):
    """How far a large file is."""

    READING = "reading"
    READY = "ready"
    STORING = "storing"
    DONE = "done"
    FAILED = "failed"


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
    lang: str = "ko"
    size: int = 0
    turn: int = 0
    """Grows with each task for the worker: of two, only the last one's result is kept."""

    @property
    def is_large(self) -> bool:
        """Whether the worker reads it."""
        return self.size >= LARGE


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a large file is, in per cent; why it failed; what was stored, in words."""

    stage: Stage
    percent: int = 0
    told: str = ""
    turn: int = 0


def keep(upload: Upload, data: bytes) -> str:
    """Keeps a file; the token by which its uploader finds it again."""
    strongroom.sweep()
    token = new_token()
    upload.size = len(data)
    strongroom.write(token_hash(token), "data", data)
    write(token, upload)
    return token


def write(token: str, upload: Upload) -> None:
    """Keeps what was chosen."""
    strongroom.write(token_hash(token), "json", json.dumps(asdict(upload)).encode())


def find(token: str, *, account_id: int | None, programme: str) -> Upload | None:
    """What is kept beside the file of a token, if this person uploaded it for this programme within the hour."""
    upload = find_named(token_hash(token))
    if upload is None or upload.account_id != account_id or upload.programme != programme:
        return None
    found = progress_of(token)
    is_over = found is not None and found.stage in {Stage.DONE, Stage.FAILED}
    return upload if is_over or data_of(token) is not None else None


def find_named(name: str) -> Upload | None:
    """The same for the worker, by the hash of the token."""
    kept = strongroom.read(name, "json")
    return None if kept is None else Upload(**json.loads(kept))


def data_of(token: str) -> bytes | None:
    """The bytes of a file."""
    return strongroom.read(token_hash(token), "data")


def progress_of(token: str) -> Progress | None:
    """How far a large file is; None for a small one."""
    return _progress(token_hash(token))


def seen_of(token: str) -> bytes | None:
    """What the worker found in a large file."""
    return strongroom.read(token_hash(token), "seen")


def await_worker(token: str, upload: Upload, stage: Stage) -> None:
    """Gives a large file to the worker, to be read or to be stored, within the caller's transaction."""
    upload.turn += 1
    write(token, upload)
    name = token_hash(token)
    note(name, Progress(stage, turn=upload.turn))
    outbox.publish(RosterAwaited(name, upload.turn, stage.value))


def is_due(name: str, turn: int) -> bool:
    """Whether a task of the worker is still the last one that was asked for."""
    found = _progress(name)
    return found is not None and found.turn == turn


def note(name: str, progress: Progress) -> None:
    """Says how far a file is."""
    strongroom.write(name, "state", json.dumps(asdict(progress)).encode())


def forget(token: str) -> None:
    """Deletes a file and all that stood beside it."""
    strongroom.forget(token_hash(token), "data", "json", "state", "seen")


def forget_of(account_id: int) -> None:
    """Deletes whatever one person uploaded."""
    for name in strongroom.names("json"):
        upload = find_named(name)
        if upload is not None and upload.account_id == account_id:
            strongroom.forget(name, "data", "json", "state", "seen")


def _progress(name: str) -> Progress | None:
    kept = strongroom.read(name, "state")
    if kept is None:
        return None
    values = json.loads(kept)
    return Progress(**{**values, "stage": Stage(values["stage"])})
