"""Takes one guard after the other away and looks whether a test notices: `make mutants`. Exit 1 where none does.

    python tools/mutants.py [ROOM ...] [--kind refusal|require|transaction] [--jobs N] [--list]

A guard is a `refuse(...)` that becomes ALLOWED, a `.require()` that asks nobody, or a `transaction()` that makes
nothing real. Each is taken out of the running code of a forked process, where the tests of its room are run until
one fails, and those of the rooms around it where none does. What is known to survive stands in `tools/mutants.txt`
with its reason; a line there that no longer survives is a fault too. Never run by CI.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import io
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
KNOWN = ROOT / "tools" / "mutants.txt"
KINDS = ("refusal", "require", "transaction")
AROUND = ("tests/journeys", "tests/pages", "tests/api", "tests/cli", "tests/architecture")
"""Where a guard of a room may be tried, besides the room's own tests; without a browser."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One guard: where it stands, its kind, and which of its kind it is within its function (from 0)."""

    path: str
    function: str
    kind: str
    number: int
    line: int
    words: str

    @property
    def key(self) -> str:
        """Its name in the list of what is known: without a line, which moves."""
        return f"{self.path} {self.function} {self.kind} {self.number}"

    @property
    def room(self) -> str:
        """The feature that it stands in."""
        return self.path.split("/")[1]

    @property
    def module(self) -> str:
        """The module's name."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def kind_of(node: ast.AST) -> str | None:
    """Which kind of guard a node is, if any."""
    match node:
        case ast.Call(func=ast.Name(id="refuse")):
            return "refusal"
        case ast.Call(func=ast.Attribute(attr="require"), args=[]):
            return "require"
        case ast.Call(func=ast.Name(id="transaction"), args=[]):
            return "transaction"
    return None


class _Taker(ast.NodeTransformer):
    """Takes the nth guard of a kind out of a function."""

    def __init__(self, kind: str, number: int) -> None:
        self._kind, self._left = kind, number

    def visit_Call(self, node: ast.Call) -> Any:  # ast asks for this name
        """Exchanges the one that is meant."""
        self.generic_visit(node)
        if kind_of(node) != self._kind:
            return node
        self._left -= 1
        return node if self._left != -1 else _instead(node, self._kind)


def _instead(node: ast.Call, kind: str) -> ast.expr:
    words = {
        "refusal": "__import__('ideas_app.core.verdict', fromlist=['x']).ALLOWED",
        "transaction": "__import__('contextlib').nullcontext("
        "__import__('ideas_app.core.db', fromlist=['x']).session())",
    }
    if kind == "require":
        assert isinstance(node.func, ast.Attribute)  # noqa: S101  # by kind_of
        return node.func.value
    return ast.parse(words[kind], mode="eval").body


def list_mutants(rooms: list[str], kinds: list[str]) -> list[Mutant]:
    """Every guard of the features, in the order of the files."""
    found = []
    for file in sorted((ROOT / "ideas_app").rglob("*.py")):
        path = str(file.relative_to(ROOT))
        parts = path.split("/")
        if len(parts) < 3 or parts[1] in {"core", "cli"} or (rooms and parts[1] not in rooms):
            continue
        for function, node in _functions(ast.parse(file.read_text(encoding="utf-8"))):
            counts = dict.fromkeys(KINDS, 0)
            # in the order in which _Taker meets them
            for inner in _calls(node):
                kind = kind_of(inner)
                if kind in kinds:
                    words = ast.unparse(inner)[:70]
                    found.append(Mutant(path, function, kind, counts[kind], inner.lineno, words))
                if kind:
                    counts[kind] += 1
    return found


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """Calls, inner ones first, as a transformer that goes down before it looks meets them."""
    for child in ast.iter_child_nodes(node):
        yield from _calls(child)
    if isinstance(node, ast.Call):
        yield node


def take_out(mutant: Mutant) -> None:
    """Exchanges the code of the function in this process. Raises `LookupError` where it cannot be found."""
    module = importlib.import_module(mutant.module)
    tree = ast.parse((ROOT / mutant.path).read_text(encoding="utf-8"))
    for function, node in _functions(tree):
        if function == mutant.function:
            _Taker(mutant.kind, mutant.number).visit(node)
    ast.fix_missing_locations(tree)
    whole = compile(tree, mutant.path, "exec", dont_inherit=True)
    target: Any = module
    for name in mutant.function.split("."):
        target = getattr(target, name)
    while hasattr(target, "__wrapped__"):
        target = target.__wrapped__
    if not isinstance(target, FunctionType):
        raise LookupError(f"{mutant.function} is no plain function")  # noqa: TRY004  # it was not found
    target.__code__ = _code_of(whole, mutant.function, target.__code__)


def _code_of(whole: CodeType, function: str, former: CodeType) -> CodeType:
    for const in whole.co_consts:
        if not isinstance(const, CodeType):
            continue
        head, _dot, rest = function.partition(".")
        if const.co_name == head:
            if rest:
                return _code_of(const, rest, former)
            if const.co_freevars == former.co_freevars:
                return const
    raise LookupError(f"{function} was not found")


def is_noticed(mutant: Mutant) -> bool | None:
    """Whether a test fails without the guard; None where the guard cannot be taken out. Forks."""
    pid = os.fork()
    if pid == 0:
        os._exit(_try(mutant))
    _pid, status = os.waitpid(pid, 0)
    return {0: False, 1: True}.get(os.waitstatus_to_exitcode(status))


def _try(mutant: Mutant) -> int:
    import pytest

    sink = io.StringIO()
    with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
        try:
            take_out(mutant)
        except (LookupError, ValueError):
            return 9
        options = [
            "-x",
            "-q",
            "-n",
            "0",
            "-p",
            "no:cacheprovider",
            "-m",
            "not browser",
            "--no-header",
        ]
        own = f"tests/{mutant.room}"
        for folders in ([own] if (ROOT / own).is_dir() else [], AROUND):
            if folders and pytest.main([*options, *folders]) not in {0, 5}:
                return 1
    return 0


def known() -> dict[str, str]:
    """What is known to survive, each with its reason."""
    lines = KNOWN.read_text(encoding="utf-8").splitlines() if KNOWN.exists() else []
    pairs = (line.split(" -- ", 1) for line in lines if line and not line.startswith("#"))
    return {key.strip(): reason.strip() for key, reason in pairs}


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*")
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="only name the guards")
    options = parser.parse_args()
    mutants = list_mutants(options.rooms, options.kind or list(KINDS))
    if options.list:
        print(*(f"{one.path}:{one.line} {one.kind} {one.words}" for one in mutants), sep="\n")
        print(f"{len(mutants)} guards")
        return 0
    # imported once, before the forks: a mutant costs its tests and nothing else
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    importlib.import_module("ideas_app.factory")
    importlib.import_module("pytest")
    begun, survivors, odd = time.monotonic(), [], 0
    expected = known()
    with ThreadPoolExecutor(options.jobs) as pool:
        for mutant, noticed in zip(mutants, pool.map(is_noticed, mutants), strict=True):
            odd += noticed is None
            if noticed is False:
                survivors.append(mutant.key)
                note = expected.get(mutant.key, "NO TEST NOTICES")
                print(
                    f"{mutant.path}:{mutant.line} {mutant.kind} {mutant.words}: {note}", flush=True
                )
    stale = [key for key in expected if key not in survivors and _is_asked(key, mutants)]
    print(*(f"no longer survives, take it out of {KNOWN.name}: {key}" for key in stale), sep="\n")
    fresh = [key for key in survivors if key not in expected]
    took = f"{time.monotonic() - begun:.0f} s"
    print(
        f"{len(mutants)} guards, {len(mutants) - len(survivors) - odd} noticed, {len(survivors)} survive"
        f" ({len(survivors) - len(fresh)} with a reason), {odd} could not be taken out, {took}"
    )
    return 1 if fresh or stale else 0


def _is_asked(key: str, mutants: list[Mutant]) -> bool:
    return any(mutant.key == key for mutant in mutants)


if __name__ == "__main__":
    sys.exit(main())
