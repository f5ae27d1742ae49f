"""What counts as a guard, where each stands, and how one is taken out of the running code.

Must not know which tests there are.
"""

from __future__ import annotations

import ast
import builtins
import gc
import importlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from flask import Flask

ROOT = Path(__file__).resolve().parent.parent.parent
KINDS = {
    "refusal": "a policy's `refuse(...)` becomes ALLOWED",
    "require": "a verdict's `.require()` asks nobody",
    "raise": "a `raise` that says no, or that a thing is not there, does nothing",
    "ask": "a call that raises where somebody may not, or an input is foul, is left out",
    "transaction": "`transaction()` makes nothing real",
    "escape": "what makes a text harmless hands it on as it is",
    "access": "an address is open: `@signed_in` or `@requires(...)` is taken off its view",
    "confirmed": "`@confirmed` is taken off a view",
    "token": "a form's address no longer asks for the token of the form",
    "page": "a template writes texts without escaping them",
}
OF_CODE = ("refusal", "require", "raise", "ask", "transaction", "escape")
"""Kinds that stand as words in a function."""
_OF_VIEWS = ("access", "confirmed", "token")
_FAULTS = {
    "NotFound",
    "Conflict",
    "Refused",
    "TooMany",
    "UnsafeHeaderError",
    "FetchError",
    "OidcError",
}
_ASKING = {
    "require_sign_in",
    "require_second_factor",
    "require_confirmed",
    "check_scope",
    "check_token",
}
_HARMLESS = {"escape", "clean", "neutralise", "is_local_path", "is_formula_like"}
"""Functions that make a text harmless, or say whether it is."""
_SAYING = {"is_local_path": True, "is_formula_like": False}
"""Those of them that answer yes or no: what they answer when they no longer look."""
_ACTS = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard: where it stands, its kind, and which of its kind it is within its function (from 0).

    `function` is the endpoint of an address, or "-" for a template.
    """

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


def guards_of_code() -> Iterator[Guard]:
    """Every guard that stands in a function of the service, in the order of the files."""
    for file in sorted((ROOT / "ideas_app").rglob("*.py")):
        path = str(file.relative_to(ROOT))
        for function, node in _functions(_tree(path)):
            counts = dict.fromkeys(OF_CODE, 0)
            for inner in _in_order(node):
                kind = _kind_of(inner)
                if kind:
                    line = getattr(inner, "lineno", 0)
                    words = " ".join(ast.unparse(inner).split())[:70]
                    yield Guard(path, function, kind, counts[kind], line, words)
                    counts[kind] += 1


def guards_of_views(app: Flask) -> Iterator[Guard]:
    """Every address that is not open to all, asks once more who it is, or wants the token of its form."""
    seen = set()
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.endpoint):
        view = app.view_functions[rule.endpoint]
        if rule.endpoint in seen:
            continue
        seen.add(rule.endpoint)
        code = _innermost(view).__code__
        path = code.co_filename.removeprefix(f"{ROOT}/")
        for kind, stands in (
            ("access", _layer(view, ("requires.", "signed_in.")) is not None),
            ("confirmed", _layer(view, ("confirmed.",)) is not None),
            ("token", bool((rule.methods or set()) & _ACTS) and not _is_exempt(view)),
        ):
            if stands:
                yield Guard(path, rule.endpoint, kind, 0, code.co_firstlineno, str(rule))


def guards_of_pages() -> Iterator[Guard]:
    """Every template that writes something: the engine escapes it."""
    for file in sorted((ROOT / "templates").rglob("*.html")):
        if "{{" in file.read_text(encoding="utf-8"):
            path = str(file.relative_to(ROOT))
            yield Guard(path, "-", "page", 0, 1, "autoescape")


def take_out(guard: Guard, app: Flask) -> None:
    """Takes the guard out of this process. Raises `LookupError` where it cannot be found."""
    if guard.kind in OF_CODE:
        _exchange(guard.path, {guard.function: _Taker(guard.kind, guard.number)})
    elif guard.kind == "page":
        _write_plainly(app, guard.path)
    else:
        _take_off(guard, app)


def mark_all(guards: list[Guard], reached: Callable[[str], None]) -> None:
    """Leaves every guard in its place, and lets those of code call `reached(key)` when they are met."""
    builtins.__dict__["__reached__"] = reached
    met: dict[str, dict[str, _Changer]] = {}
    for one in guards:
        if one.kind in OF_CODE:
            marker = met.setdefault(one.path, {}).setdefault(one.function, _Marker({}))
            assert isinstance(marker, _Marker)  # noqa: S101  # all of them are
            marker.keys[one.kind, one.number] = one.key
    for path, markers in met.items():
        _exchange(path, markers)


# Code -------------------------------------------------------------------------------------------


@cache
def _tree_text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _tree(path: str) -> ast.Module:
    return ast.parse(_tree_text(path))


def _name_of(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _kind_of(node: ast.AST) -> str | None:
    match node:
        case ast.Call(func=ast.Name(id="refuse")):
            return "refusal"
        case ast.Call(func=ast.Attribute(attr="require"), args=[]):
            return "require"
        case ast.Call(func=ast.Name(id="transaction"), args=[]):
            return "transaction"
        # with a cause it only gives another fault its name
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name)), cause=None) if name in _FAULTS:
            return "raise"
        case ast.Expr(value=ast.Call() as call) if _name_of(call) in _ASKING:
            return "ask"
        case ast.Call(args=[_, *_]) if _name_of(node) in _HARMLESS and not _is_of_patterns(node):
            return "escape"
    return None


def _is_of_patterns(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id="re" | "regex")):
            return True
    return False


class _Changer(ast.NodeTransformer):
    """Meets the guards of a function, inner ones first, and asks what shall stand in the place of each."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(OF_CODE, 0)

    def generic_visit(self, node: ast.AST) -> Any:
        """The node, or what stands in its place."""
        super().generic_visit(node)
        kind = _kind_of(node)
        if kind is None:
            return node
        number = self._counts[kind]
        self._counts[kind] += 1
        return ast.copy_location(self.changed(node, kind, number), node)

    def changed(self, node: Any, kind: str, number: int) -> Any:
        """What stands in the place of a guard."""
        raise NotImplementedError


class _Taker(_Changer):
    def __init__(self, kind: str, number: int) -> None:
        super().__init__()
        self._wanted = (kind, number)

    def changed(self, node: Any, kind: str, number: int) -> Any:
        return _instead(node, kind) if (kind, number) == self._wanted else node


class _Marker(_Changer):
    """Lets each guard say that it was met, before it does what it does."""

    def __init__(self, keys: dict[tuple[str, int], str]) -> None:
        super().__init__()
        self.keys = keys

    def changed(self, node: Any, kind: str, number: int) -> Any:
        if (kind, number) not in self.keys:
            return node
        call = ast.parse(f"__reached__({self.keys[kind, number]!r})", mode="eval").body
        if isinstance(node, ast.stmt):
            return ast.If(test=call, body=[ast.Pass()], orelse=[node])
        return ast.BoolOp(op=ast.Or(), values=[call, node])


def _instead(node: Any, kind: str) -> ast.AST:
    match kind:
        case "raise" | "ask":
            return ast.Pass()
        case "require":
            return node.func.value  # type: ignore[no-any-return]
        case "refusal":
            words = "__import__('ideas_app.core.verdict', fromlist=['x']).ALLOWED"
        case "transaction":
            words = "__import__('tools.mutants.guards', fromlist=['x']).nothing_real()"
        case _ if _name_of(node) in _SAYING:
            words = repr(_SAYING[_name_of(node)])
        case _:
            return node.args[0]  # type: ignore[no-any-return]
    return ast.parse(words, mode="eval").body


def nothing_real() -> Any:
    """Stands in the place of `transaction()`: the session, and no commit."""
    from contextlib import nullcontext

    from ideas_app.core.db import session

    return nullcontext(session())


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes as `_Changer` meets them: inner ones first."""
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)
    yield node


def _exchange(path: str, changers: Mapping[str, _Changer]) -> None:
    """Gives functions of a file the code that their changers make of it."""
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    module, tree = importlib.import_module(name), _tree(path)
    for found, node in _functions(tree):
        if found in changers:
            changers[found].visit(node)
    ast.fix_missing_locations(tree)
    whole = compile(tree, path, "exec", dont_inherit=True)
    for function in changers:
        target: Any = module
        for part in function.split("."):
            target = target.__dict__[part] if isinstance(target, type) else getattr(target, part)
        target = _innermost(target)
        former, target.__code__ = target.__code__, _code_of(whole, function, target.__code__)
        _exchange_within(former, target.__code__)


def _exchange_within(former: CodeType, new: CodeType) -> None:
    """What the function made before it was exchanged - a view within its decorator - gets the new code as well."""
    pairs, within = [(former, new)], dict[int, CodeType]()
    for old, young in pairs:
        inner = [[c for c in code.co_consts if isinstance(c, CodeType)] for code in (old, young)]
        found = list(zip(*inner, strict=True))
        pairs += found
        within |= {id(one): other for one, other in found if "<" not in one.co_name}
    if not within:
        return
    gc.unfreeze()
    for made in gc.get_objects():
        if isinstance(made, FunctionType) and id(made.__code__) in within:
            made.__code__ = within[id(made.__code__)]


def _innermost(target: Any) -> FunctionType:
    while True:
        if isinstance(target, property):
            target = target.fget
        elif hasattr(target, "__wrapped__"):
            target = target.__wrapped__
        elif hasattr(target, "__func__"):
            target = target.__func__
        elif isinstance(getattr(target, "callback", None), FunctionType):
            target = target.callback  # a command
        else:
            break
    if not isinstance(target, FunctionType):
        raise LookupError(f"{target!r} is no plain function")  # noqa: TRY004  # it was not found
    return target


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


# Views and pages --------------------------------------------------------------------------------


def _layers(view: Any) -> Iterator[Any]:
    while True:
        yield view
        if not hasattr(view, "__wrapped__"):
            return
        view = view.__wrapped__


def _layer(view: Any, names: tuple[str, ...]) -> Any:
    return next((one for one in _layers(view) if one.__code__.co_qualname.startswith(names)), None)


def _is_exempt(view: Any) -> bool:
    return bool(getattr(view, "by_token", False) or getattr(view, "by_bearer", False))


def _take_off(guard: Guard, app: Flask) -> None:
    from ideas_app.factory import csrf

    view: Any = app.view_functions[guard.function]
    if guard.kind == "token":
        csrf.exempt(view)
        return
    layer = _layer(
        view, ("confirmed.",) if guard.kind == "confirmed" else ("requires.", "signed_in.")
    )
    if layer is None:
        raise LookupError(f"{guard.function} has no such layer")
    inner, mark = layer.__wrapped__, view.access
    if layer is view:
        # the mark stays: what says that the door is closed must not be all that closes it
        inner.access = mark
        app.view_functions[guard.function] = inner
        return
    for outer in _layers(view):
        if outer.__wrapped__ is layer:
            outer.__wrapped__ = inner
            for cell in outer.__closure__ or ():
                if cell.cell_contents is layer:
                    cell.cell_contents = inner
            return


def _write_plainly(app: Flask, path: str) -> None:
    """The template as if it began with `{% autoescape false %}`, for the engine and for whoever reads its text."""
    name, file = path.removeprefix("templates/"), ROOT / path
    usual, read = app.jinja_env.autoescape, Path.read_text

    def is_escaped(asked: str | None) -> bool:
        if asked == name:
            return False
        return usual(asked) if callable(usual) else usual

    def read_text(self: Path, *args: Any, **kwargs: Any) -> str:
        text = read(self, *args, **kwargs)
        return "{% autoescape false %}" + text if self == file else text

    app.jinja_env.autoescape = is_escaped
    app.jinja_env.bytecode_cache = None
    if app.jinja_env.cache is not None:
        app.jinja_env.cache.clear()
    Path.read_text = read_text  # type: ignore[method-assign]
