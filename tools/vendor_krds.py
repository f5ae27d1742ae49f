"""Makes `static/vendor/krds/`: the part of the npm package `krds-uiux` that we use.

How the subset is made, so that anybody can make it again (`make vendor`):

1. `npm pack krds-uiux@1.1.0` gives the archive; its SHA-256 must be the one below.
2. Of `resources/css/component/output.css` the rules stay whose every name is in `KEPT_NAMES` or a
   bare element: reset, buttons, skip link. Dark and high-contrast rules go, so do all icons of
   components that we do not use. Native radios and checkboxes stay visible.
3. Of `resources/css/token/krds_tokens.css` the custom properties stay that a kept rule or our own
   style sheets read, directly or through another property.
4. The icons named in our style sheets are copied unchanged. The font comes apart: `vendor_webfont.py`.

Standard library only. It must not know the application.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "vendor" / "krds"
PACKAGE = "krds-uiux@1.1.0"
ARCHIVE_SHA256 = "2958eee582fabe3a3319a1032880f0f838c79647a311497d0d2045686c35dba8"
ICONS = ("ico_angle.svg",)

KEPT_NAMES = frozenset(
    {
        *(".krds-btn", "#krds-skip-link", ".sr-only"),
        *(".xsmall", ".small", ".medium", ".large", ".xlarge"),
        *(".primary", ".secondary", ".tertiary", ".text", ".link", ".disabled"),
    }
)
"""Classes and ids that may occur in a kept selector."""

PALETTE = "--krds-color-light-"
"""Tokens that always stay: the colours that our own tokens are made of."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NAME = re.compile(r"[.#][A-Za-z_][\w-]*")
_PROPERTY = re.compile(r"(--[\w-]+):([^;}]*)")
_READ = re.compile(r"var\(\s*(--[\w-]+)")
_LEFT_OUT = ("prefers-color-scheme", "keyframes", "font-face")
_HIDDEN_CONTROL = re.compile(r"input\[type=.?(radio|checkbox)")


@dataclass
class Rule:
    """A rule or an at-rule: its prelude, its own declarations, the rules inside."""

    prelude: str
    body: str = ""
    inner: list[Rule] = field(default_factory=list)

    def text(self) -> str:
        """The rule without needless white space; empty if nothing is left in it."""
        if self.inner:
            inside = "\n".join(filter(None, (rule.text() for rule in self.inner)))
            return f"{self.prelude}{{\n{inside}\n}}" if inside else ""
        return f"{self.prelude}{{{self.body}}}" if self.body else ""


def parse(css: str) -> list[Rule]:
    """Rules of a style sheet. Enough of CSS for this source: no braces inside strings."""
    rules: list[Rule] = []
    position = 0
    css = _COMMENT.sub("", css)
    while (opening := css.find("{", position)) >= 0:
        closing = _matching_brace(css, opening)
        prelude = css[position:opening].rsplit(";", 1)[-1]
        content = css[opening + 1 : closing]
        rule = Rule(" ".join(prelude.split()))
        if "{" in content:
            rule.inner = parse(content)
        else:
            rule.body = ";".join(_declarations(content))
        rules.append(rule)
        position = closing + 1
    return rules


def _matching_brace(css: str, opening: int) -> int:
    depth = 0
    for index in range(opening, len(css)):
        depth += {"{": 1, "}": -1}.get(css[index], 0)
        if depth == 0:
            return index
    message = "a brace is not closed"
    raise ValueError(message)


def _declarations(body: str) -> Iterator[str]:
    for declaration in body.split(";"):
        name, colon, value = declaration.strip().partition(":")
        if colon:
            yield f"{name.strip()}:{' '.join(value.split())}"


def _is_kept(selector: str) -> bool:
    if "data-krds-mode" in selector or "[class" in selector or _HIDDEN_CONTROL.search(selector):
        return False
    return all(name in KEPT_NAMES for name in _NAME.findall(selector))


def select_rules(rules: Iterable[Rule]) -> list[Rule]:
    """The rules of parts that we use, in their order, in the light mode only."""
    kept: list[Rule] = []
    for rule in rules:
        if rule.inner:
            if not any(word in rule.prelude for word in _LEFT_OUT):
                kept.append(Rule(rule.prelude, inner=select_rules(rule.inner)))
            continue
        selectors = [part.strip() for part in rule.prelude.split(",") if _is_kept(part)]
        if selectors and not rule.prelude.startswith("@"):
            kept.append(Rule(",".join(selectors), rule.body))
    return kept


def _properties_read(texts: Iterable[str], values: dict[str, str]) -> set[str]:
    wanted = {name for text in texts for name in _READ.findall(text)}
    wanted |= {name for name in values if name.startswith(PALETTE)}
    waiting = list(wanted)
    while waiting:
        deeper = set(_READ.findall(values.get(waiting.pop(), ""))) - wanted
        wanted |= deeper
        waiting += deeper
    return wanted


def _without_unread(rule: Rule, wanted: set[str]) -> Rule:
    if rule.inner:
        return Rule(rule.prelude, inner=[_without_unread(part, wanted) for part in rule.inner])
    lines = [line for line in rule.body.split(";") if line]
    kept = [line for line in lines if not line.startswith("--") or _property(line) in wanted]
    return Rule(rule.prelude, ";".join(kept))


def _property(line: str) -> str:
    return line.partition(":")[0]


def make_css(package: Path, own_css: Iterable[str]) -> str:
    """The subset as one style sheet: tokens first, then the rules that read them."""
    css = package / "resources" / "css"
    tokens = parse((css / "token" / "krds_tokens.css").read_text(encoding="utf-8"))
    tokens = [rule for rule in tokens if rule.prelude == ":root" or rule.prelude.startswith("@")]
    rules = select_rules(parse((css / "component" / "output.css").read_text(encoding="utf-8")))
    everything = [rule for rule in select_rules(tokens) + rules if rule.text()]
    source = "\n".join(rule.text() for rule in everything)
    values: dict[str, str] = {}
    for name, value in _PROPERTY.findall(source):
        values[name] = values.get(name, "") + value
    wanted = _properties_read([_PROPERTY.sub("", source), *own_css], values)
    kept = (_without_unread(rule, wanted).text() for rule in everything)
    head = f"/* {PACKAGE}, a subset made by tools/vendor_krds.py: see THIRD_PARTY.md */"
    return "\n".join([head, *filter(None, kept), ""])


def _open_package(archive: Path, folder: Path) -> Path:
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != ARCHIVE_SHA256:
        sys.exit(f"{archive}: not the archive that was reviewed (SHA-256 {digest})")
    with tarfile.open(archive) as bundle:
        bundle.extractall(folder, filter="data")
    return folder / "package"


def _fetch(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to fetch the package, or give the archive as an argument")
    subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True)
    return folder / f"{PACKAGE.replace('@', '-')}.tgz"


def main() -> None:
    """Writes the subset and says how large it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("archive", nargs="?", type=Path, help="the packed npm package")
    archive = parser.parse_args().archive
    own_css = [path.read_text(encoding="utf-8") for path in (ROOT / "static/css").rglob("*.css")]
    with tempfile.TemporaryDirectory() as folder:
        archive = archive or _fetch(Path(folder))
        package = _open_package(archive, Path(folder))
        icons = Path("img") / "component" / "icon"
        (TARGET / icons).mkdir(parents=True, exist_ok=True)
        for name in ICONS:
            shutil.copyfile(package / "resources" / icons / name, TARGET / icons / name)
        css = make_css(package, own_css)
    (TARGET / "krds.css").write_text(css, encoding="utf-8")
    size = len(css.encode())
    print(f"krds.css: {size} bytes, {len(gzip.compress(css.encode()))} with gzip")


if __name__ == "__main__":
    main()
