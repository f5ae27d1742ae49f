"""The environment of all templates: within a request it hands out those of the language that is spoken."""

from __future__ import annotations

import hashlib
import inspect
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app, has_request_context, request
from flask.templating import Environment
from flask_babel import get_translations
from jinja2 import Template
from jinja2.bccache import BytecodeCache, FileSystemBytecodeCache

from config import ROOT
from ideas_app.core import clock
from ideas_app.web.compiling.inlining import Folder
from ideas_app.web.compiling.writing import Writer, escaped, printed
from ideas_app.web.i18n import TRANSLATIONS, filters_of, locale_code
from ideas_app.web.steady import is_steady

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, MutableMapping

    from jinja2 import Environment as JinjaEnvironment
    from jinja2 import nodes
    from jinja2.bccache import Bucket
    from jinja2.environment import TemplateModule
    from jinja2.runtime import Context


_OLD = 30 * 86_400
"""Seconds after which a compiled template counts as left behind; what is still used is then compiled once more."""


class _Template(Template):
    """A template whose macros are put together once: no page here hands globals of its own to those it imports."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return self._module or super()._get_default_module(ctx)

    def new_context(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002  # Jinja calls it so
        shared: bool = False,  # noqa: FBT001, FBT002
        locals: Mapping[str, Any] | None = None,  # noqa: A002
    ) -> Context:
        """What a rendering knows. Jinja lays the general names and a template's own over one another, and walks through
        both for each page; where a template has none of its own they are taken as they are.
        """
        layers: Any = getattr(self.globals, "maps", ())
        if shared or len(layers) != 2 or layers[0]:
            return super().new_context(vars, shared, locals)
        every = {**layers[1], **(vars or {})}
        return super().new_context(every, shared=True, locals=locals)


class SpokenEnvironment(Environment):
    """Jinja's environment, and one more for each language.

    Outside of requests, below an address prefix, and while templates are watched for changes the plain one serves:
    what is folded in would not be known, or not be noticed.
    """

    code_generator_class = Writer
    printed = staticmethod(printed)
    escaped = staticmethod(escaped)
    template_class = _Template
    language: str | None = None
    """The language that is folded in; None for the plain environment."""

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  # Jinja calls it so
    ) -> Template:
        """The template, in the language of the request."""
        if self.language is None and has_request_context() and not request.script_root:
            spoken = self.speaking(locale_code())
            if spoken is not None:
                return spoken.get_template(name, parent, globals)
        return super().get_template(name, parent, globals)

    def speaking(self, language: str) -> SpokenEnvironment | None:
        """The environment of a language; None while templates are watched."""
        if self.auto_reload:
            return None
        made: dict[str, SpokenEnvironment] = self.__dict__.setdefault("_languages", {})
        if language not in made:
            spoken = self.overlay(cache_size=-1)
            spoken.language = language
            spoken.filters = {**self.filters, **filters_of(language)}
            if self.bytecode_cache is not None:
                steady = (each for each in self.globals.values() if is_steady(each))
                mark = f"{language}-{_fingerprint(steady)}"
                spoken.bytecode_cache = _KeptByLanguage(self.bytecode_cache, mark)
            made[language] = spoken
        return made[language]

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,  # noqa: FBT001, FBT002  # Jinja's own signature
    ) -> str:
        if self.language is not None and name is not None:
            source = Folder.fold(source, self, name, get_translations())
        return super()._generate(source, name, filename, defer_init)


class _KeptByLanguage(BytecodeCache):
    """Another store of compiled templates, under keys that tell languages, and what was folded in, apart."""

    def __init__(self, store: BytecodeCache, mark: str) -> None:
        self._store = store
        self._mark = mark

    def get_bucket(
        self, environment: JinjaEnvironment, name: str, filename: str | None, source: str
    ) -> Bucket:
        """What is kept of a template in this language."""
        return self._store.get_bucket(
            environment, f"{self._mark}/{name}", filename, f"{self._mark}\n{source}"
        )

    def load_bytecode(self, bucket: Bucket) -> None:
        """Reads what is kept."""
        self._store.load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps it."""
        self._store.dump_bytecode(bucket)


class KeptOnDisk(FileSystemBytecodeCache):
    """Compiled templates in a folder of the service's own, so that the next start need not compile them. Where the
    folder cannot be written they are compiled at each start.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._is_there = False
        super().__init__(str(folder))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Reads what is kept."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps it for whoever runs the service, and nobody else: it is code."""
        with suppress(OSError):
            if not self._is_there:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._forget_old()
                self._is_there = True
            super().dump_bytecode(bucket)

    def _forget_old(self) -> None:
        """Takes away what a former version left behind."""
        long_ago = clock.now().timestamp() - _OLD
        for file in self._folder.iterdir():
            if file.stat().st_mtime < long_ago:
                file.unlink(missing_ok=True)


def _fingerprint(steady: Iterable[Any]) -> str:
    """Names everything that may be folded in and is the same at every address: texts, files, addresses of pages,
    functions, and the way of folding itself.
    """
    rules = sorted(f"{rule.endpoint} {rule.rule}" for rule in current_app.url_map.iter_rules())
    sources = sorted({inspect.getsourcefile(each) or "" for each in steady})
    written = [f"{name} {Path(name).stat().st_mtime_ns}" for name in sources if name]
    parts = (_files(), *written, *rules)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@cache
def _files() -> str:
    folders: Mapping[Path, str] = {
        ROOT / "templates": "*.*",
        ROOT / "static": "*.*",
        TRANSLATIONS: "*.mo",
        Path(__file__).parent: "*.py",
    }
    found = (path for folder, names in folders.items() for path in folder.rglob(names))
    marks = ((str(path), path.stat()) for path in sorted(found) if path.is_file())
    return "\n".join(f"{path} {mark.st_size} {mark.st_mtime_ns}" for path, mark in marks)
