"""The file of a back-up: what its manifest says, how members are written, and whether they are whole.

Must not know any database.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Progress = Callable[[int, int], None]
    """Told how much is done, and of how much, in the same measure."""

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1 << 20
LEVEL = 1
"""Of deflate: on a database, higher levels take three times as long for a tenth less."""


class BackupError(Exception):
    """A back-up that cannot be made, read or put back; one line for the operator, with what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a back-up says of itself.

    `engine`: "sqlite" or "postgresql". `revision`: that of the tables. `made_at`: RFC 3339, UTC. `keys`: a name
    and a mark of each key that the data cannot be read without, never the key. `tables`: rows of each.
    `members`: SHA-256 of each part of the file, in hex.
    """

    engine: str
    revision: str
    made_at: str
    keys: dict[str, str]
    tables: dict[str, int] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """Of all tables together."""
        return sum(self.tables.values())


class Writer:
    """Writes members one after the other, and the manifest behind them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.members: dict[str, str] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Callable[[bytes | memoryview], None]]:
        """A function that takes the member's bytes, piece by piece."""
        digest = hashlib.sha256()
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        info._compresslevel = LEVEL  # type: ignore[attr-defined]  # noqa: SLF001  # has no public name before 3.13
        with self._archive.open(info, "w", force_zip64=True) as out:

            def take(piece: bytes | memoryview) -> None:
                digest.update(piece)
                out.write(piece)

            yield take
        self.members[name] = digest.hexdigest()

    def close(self, manifest: Manifest) -> None:
        """Ends the file."""
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        self._archive.writestr(MANIFEST, text)


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The file for reading. Raises `BackupError` where it is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError:
        raise BackupError(f"{path} does not exist.") from None
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        fault = f"{path} is no back-up, or is damaged ({error}); take another one."
        raise BackupError(fault) from error


def read_manifest(path: Path) -> Manifest:
    """What a back-up says of itself. Raises `BackupError` where it is none, or of a later version."""
    with open_archive(path) as archive:
        try:
            told = json.loads(archive.read(MANIFEST))
            version = told["format"]
        except (KeyError, ValueError, TypeError) as error:
            raise BackupError(f"{path} is a ZIP file, but no back-up of this service.") from error
        if version != FORMAT:
            fault = f"{path} has format {version}, this version reads {FORMAT}; use the version that made it."
            raise BackupError(fault)
        return Manifest(**told)


def check(path: Path, progress: Progress) -> Manifest:
    """Reads the whole file and compares each member with its SHA-256. Raises `BackupError`."""
    manifest = read_manifest(path)
    with open_archive(path) as archive:
        found = set(archive.namelist()) - {MANIFEST}
        if found != set(manifest.members):
            raise BackupError(f"{path} lacks parts that its manifest names; take another one.")
        whole, done = sum(one.file_size for one in archive.infolist()), 0
        for name, wanted in manifest.members.items():
            digest = hashlib.sha256()
            with archive.open(name) as member:
                for piece in _pieces(member):
                    digest.update(piece)
                    done += len(piece)
                    progress(done, whole)
            if digest.hexdigest() != wanted:
                raise BackupError(f"{path} is damaged: {name} is not as it was written.")
    return manifest


def _pieces(member: IO[bytes]) -> Iterator[bytes]:
    while piece := member.read(BLOCK):
        yield piece


def copy_pieces(member: IO[bytes], put: Callable[[bytes], object]) -> None:
    """Hands the bytes of a member on, a block at a time."""
    for piece in _pieces(member):
        put(piece)
