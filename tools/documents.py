"""Opens the documents of the demo year with other programs, to see whether they read the figures that were counted.

Run it as `make documents`; it takes about a minute. pdftotext reads the PDF, LibreOffice the workbook and the CSV; the
HWPX file is read back by its own library. Must not touch the data in `instance/`. Fails where a figure is missing,
and where a program is (Debian: apt-get install poppler-utils libreoffice-calc).
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FLASK = (sys.executable, "-m", "flask", "--app", "ideas_app")
YEAR = "2025"
FORMATS = ("pdf", "hwpx", "xlsx", "csv")
TABLE = "| --- |"
"""How a table of an HWPX file reads as text."""
PATIENCE = 900
"""Seconds that one program may take."""


def main() -> int:
    """Makes and reads every format; the exit code."""
    programs = {"pdftotext": shutil.which("pdftotext"), "LibreOffice": shutil.which("soffice")}
    missing = [name for name, path in programs.items() if path is None]
    if missing:
        print(f"not installed: {', '.join(missing)}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = _environ(folder)
        _run(*FLASK, "db", "upgrade", environ=environ)
        _run(*FLASK, "demo", "load", environ=environ)
        counted = json.loads(
            _run(*FLASK, "report", "outcomes", "--year", YEAR, "--json", environ=environ)
        )
        for kind in FORMATS:
            target = folder / f"report.{kind}"
            _run(
                *(*FLASK, "export", "report", "--year", YEAR, "--format", kind),
                *("-o", str(target)),
                environ=environ,
            )
        wanted = _figures(folder / "report.csv", counted)
        texts = {kind: _read(folder / f"report.{kind}", folder) for kind in FORMATS}
    faults = [
        f"{kind}: {name} {value} is not there"
        for kind, text in texts.items()
        for name, value in wanted.items()
        if _folded(f"{name}{value}") not in _folded(text)
    ]
    if TABLE not in texts["hwpx"]:
        faults.append("hwpx: no table can be read back")
    print("\n".join(faults) or f"{len(wanted)} figures, the same in {', '.join(FORMATS)}")
    return 1 if faults else 0


def _environ(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "ENVIRONMENT": "test",  # reads no .env: the same everywhere
        "DEMO": "1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PERSON_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": f"sqlite:///{folder / 'ideas.db'}",
        "MAIL_URL": f"file:{folder / 'mail'}",
    }


def _run(*command: str, environ: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environ,
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    if done.returncode:
        message = f"{' '.join(command)} failed:\n{done.stderr}"
        raise SystemExit(message)
    return done.stdout


def _figures(csv: Path, counted: dict[str, Any]) -> dict[str, str]:
    """The names of the figures in Korean, each with the number that the command printed for machines."""
    import csv as tables

    with csv.open(encoding="utf-8-sig", newline="") as file:
        rows = list(tables.DictReader(file))
    names = [row["항목"] for row in rows][: len(counted["definitions"])]
    return {
        name: str(counted[key]) for name, key in zip(names, counted["definitions"], strict=True)
    }


def _read(path: Path, folder: Path) -> str:
    """The words of a file as another program reads them."""
    if path.suffix == ".pdf":
        return _run("pdftotext", "-layout", str(path), "-")
    if path.suffix == ".hwpx":
        sys.path.insert(0, str(ROOT))
        from ideas_app.adapters.formats.hwpx import read_markdown

        return read_markdown(path.read_bytes())
    sheet = 2 if path.suffix == ".xlsx" else 1
    target = folder / f"read-{path.suffix[1:]}"
    _run(
        "soffice",
        f"-env:UserInstallation=file://{folder / 'profile'}",
        "--headless",
        "--convert-to",
        f"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,{sheet}",
        *(("--infilter=CSV:44,34,76,1",) if path.suffix == ".csv" else ()),
        *("--outdir", str(target), str(path)),
    )
    return next(target.glob("*.csv")).read_text(encoding="utf-8-sig")


def _folded(text: str) -> str:
    """Without white space, lines of tables, quotes and thousands separators, which differ by format."""
    return re.sub(r"[\s|,\"]", "", text)


if __name__ == "__main__":
    raise SystemExit(main())
