"""The catalogues of texts: `update` brings them up to date, `check` says what is wrong.

English stands in the code, so its catalogue is filled by itself; Korean is written by people in
`ideas_app/translations/ko/LC_MESSAGES/messages.po`. Both end with 1 while a text has no Korean.
Must not know the application: it reads sources and templates as `babel.cfg` says.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Message

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "ideas_app" / "translations"
LOCALES = ("ko", "en")
KEYWORDS = DEFAULT_KEYWORDS | parse_keywords(
    ["_l", "lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2", "lazy_npgettext:1c,2,3"]
)
_PLACEHOLDER = re.compile(r"%\((\w+)\)")


def extract() -> Catalog:
    """Every text of the code and the templates."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel's own gap
    template = Catalog(project="ideas", charset="utf-8")
    found = extract_from_dir(ROOT, methods, options, KEYWORDS, directory_filter=_may_hold_texts)
    for _path, _line, text, _comments, context in found:
        template.add(text, context=context)
    return template


def _may_hold_texts(folder: str) -> bool:
    inside = Path(folder).relative_to(ROOT).parts
    return not inside or inside[0] in {"ideas_app", "templates"}


def _file(locale: str) -> Path:
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def _read(locale: str) -> Catalog:
    path = _file(locale)
    if not path.exists():
        return Catalog(locale=locale, project="ideas", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def _texts(catalog: Catalog) -> dict[object, object]:
    return {(m.context, m.id): m.string for m in catalog if m.id}


def _write(path: Path, catalog: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, no_location=True, sort_output=True)


def update() -> None:
    """Brings template and catalogues up to date. A file without news is not touched."""
    template = extract()
    old = TRANSLATIONS / "messages.pot"
    if not old.exists() or _texts(read_po(old.open("rb"))).keys() != _texts(template).keys():
        _write(old, template)
    for locale in LOCALES:
        catalog, before = _read(locale), _texts(_read(locale))
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        for message in catalog:
            if locale == "en" and message.id:
                message.string = message.id
        if _texts(catalog) != before:
            _write(_file(locale), catalog)


def list_faults() -> list[str]:
    """What is wrong with the catalogues, one line each; empty when all is well."""
    wanted = _texts(extract())
    faults = []
    for locale in LOCALES:
        catalog = _read(locale)
        has = _texts(catalog)
        faults += [f"{locale}: not in the catalogue: {_shown(key)}" for key in wanted.keys() - has]
        faults += [f"{locale}: no longer in the code: {_shown(key)}" for key in has.keys() - wanted]
        for message in catalog:
            if message.id:
                faults += [f"{locale}: {what}: {message.id!r}" for what in _faults_of(message)]
    return sorted(faults)


def _shown(key: object) -> str:
    return repr(key[1] if isinstance(key, tuple) else key)


def _forms(text: str | list[str] | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def _faults_of(message: Message) -> Iterator[str]:
    said = _forms(message.string or "")
    if not all(form.strip() for form in said):
        yield "not translated"
        return
    if message.fuzzy:
        yield "marked as fuzzy: check it and take the mark away"
    allowed = {name for form in _forms(message.id) for name in _PLACEHOLDER.findall(form)}
    for form in said:
        used = set(_PLACEHOLDER.findall(form))
        if used - allowed:
            yield f"names %({min(used - allowed)})s, which the English does not"
        # a plural may say "one" in words
        if isinstance(message.id, str) and allowed - used:
            yield f"leaves out %({min(allowed - used)})s"


def main(arguments: list[str]) -> int:
    """The command line; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verb", choices=("update", "check"))
    if parser.parse_args(arguments).verb == "update":
        update()
    faults = list_faults()
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print(
            f"{len(faults)} faults: `make translations`, then fill in the Korean", file=sys.stderr
        )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
