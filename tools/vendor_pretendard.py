"""Makes `ideas_app/adapters/fonts/`: the font with which charts are measured and PDF files are set.

How it is made, so that anybody can make it again (`make vendor`):

1. `npm pack pretendard@1.3.9` gives the archive; its SHA-256 must be the one below.
2. Two static fonts, regular and bold, are copied unchanged, with the licence. They hold all 11,172
   Hangul syllables, which the web fonts of KRDS do not: a document must not lose a name.

Standard library only. It must not know the application.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "ideas_app" / "adapters" / "fonts"
PACKAGE = "pretendard@1.3.9"
ARCHIVE_SHA256 = "0ffc240cee83be02520fb4ac1b2a0a51052b9d13506ade0ba90c591dbbb3bd53"
FILES = {
    "package/dist/public/static/Pretendard-Regular.otf": "Pretendard-Regular.otf",
    "package/dist/public/static/Pretendard-Bold.otf": "Pretendard-Bold.otf",
    "package/dist/LICENSE.txt": "OFL.txt",
}


def _fetch(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to fetch the package, or give the archive as an argument")
    subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True)
    return folder / f"{PACKAGE.replace('@', '-')}.tgz"


def main() -> None:
    """Copies the files and says how large they are."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("archive", nargs="?", type=Path, help="the packed npm package")
    archive = parser.parse_args().archive
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        archive = archive or _fetch(Path(folder))
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        if digest != ARCHIVE_SHA256:
            sys.exit(f"{archive}: not the archive that was reviewed (SHA-256 {digest})")
        with tarfile.open(archive) as bundle:
            for source, name in FILES.items():
                found = bundle.extractfile(source)
                if found is None:
                    sys.exit(f"{archive}: holds no {source}")
                (TARGET / name).write_bytes(found.read())
                print(f"{name}: {(TARGET / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
