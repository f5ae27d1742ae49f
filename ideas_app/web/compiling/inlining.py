"""Includes and macros, written into the place where they are used when a template is compiled.

An include costs a context of its own and the imports at its head, a macro a call that sorts its arguments; a list of
twenty cards has hundreds of both. Whatever is not plain (a caller, unpacked arguments, blocks) stays as it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, cast

from jinja2 import nodes
from markupsafe import Markup, escape

from ideas_app.web.compiling.folding import Constants, assigned_names
from ideas_app.web.compiling.layouts import layouts_in, unite
from ideas_app.web.compiling.tidying import choose_in_place, leave_out_imports, look_ahead
from ideas_app.web.compiling.trees import clone, every_node, found_in, names_in

if TYPE_CHECKING:
    from jinja2 import Environment

_DEEPEST = 8
_NOT_PLAIN = (nodes.Extends, nodes.Block, nodes.Macro)


@dataclass(frozen=True)
class _File:
    """A template of macros: its macros by name, and which files it imports under which names."""

    macros: dict[str, nodes.Macro]
    imports: dict[str, str]


class Folder(Constants):
    """Folds constants, and writes includes and macros into their places."""

    def __init__(
        self, environment: Environment, name: str, translations: Any, assigned: set[str]
    ) -> None:
        super().__init__(environment, name, translations, assigned)
        self.imports: dict[str, str] = {}
        """What the imports at hand are called, and which file each names."""
        self.siblings: dict[str, nodes.Macro] = {}
        """The macros that the code at hand may call by their bare names."""
        self.calls_siblings = ""
        """Under which name of `imports` the siblings can be had where a call stays a call."""
        self.known: dict[str, nodes.Expr] = {}
        """Names that stand for something known: arguments of the macro being written out."""
        self.inside_call: list[nodes.Node] | None = None
        """What `caller()` prints in the macro being written out."""
        self.depth = 0

    @classmethod
    def fold(
        cls, tree: nodes.Template, environment: Environment, name: str, translations: Any
    ) -> nodes.Template:
        """The same template, with less to do when it is rendered."""
        folder = cls(environment, name, translations, set())
        if name not in layouts_in(environment):
            tree = unite(tree, folder._parse)
        folder.assigned = assigned_names(tree)
        folder.imports = _imports_of(tree.body)
        folder.siblings = _macros_of(tree.body)
        folded = cast("nodes.Template", folder.visit(tree))
        leave_out_imports(folded)
        _join_outputs(folded)
        choose_in_place(folded)
        _join_outputs(folded)
        look_ahead(folded)
        folded.set_environment(environment)
        return folded

    def _inside(self, name: str, assigned: set[str]) -> Self:
        """A folder for the text of another file that is written in here."""
        inner = type(self)(self.environment, name, self.translations, set(assigned))
        inner.depth = self.depth + 1
        return inner

    def _parse(self, name: str) -> nodes.Template:
        """Another file, read once: whoever changes it takes a copy."""
        kept: dict[str, nodes.Template] = self.environment.__dict__.setdefault("_read_files", {})
        if name not in kept:
            kept[name] = self._read(name)
        return kept[name]

    def _read(self, name: str) -> nodes.Template:
        source, filename, _uptodate = self.environment.loader.get_source(self.environment, name)  # type: ignore[union-attr]
        return self.environment._parse(source, name, filename)  # noqa: SLF001  # `parse` takes no loader's name

    def _file(self, name: str) -> _File:
        kept: dict[str, _File] = self.environment.__dict__.setdefault("_files_of_macros", {})
        if name not in kept:
            body = self._parse(name).body
            kept[name] = _File(_macros_of(body), _imports_of(body))
        return kept[name]

    # ---- includes ----

    def visit_Include(self, node: nodes.Include) -> nodes.Node | list[nodes.Node]:  # noqa: N802
        """The text of the other file, in a scope of its own: what it sets is not seen outside."""
        name = node.template
        if not isinstance(name, nodes.Const) or not isinstance(name.value, str):
            return node
        if not node.with_context or node.ignore_missing or self.depth >= _DEEPEST:
            return node
        tree = clone(self._parse(name.value))
        if found_in(tree, _NOT_PLAIN) or not self._escapes_like(name.value):
            return node
        imports = _imports_of(tree.body)
        inner = self._inside(name.value, assigned_names(tree))
        # an import that stands here already need not be made again, for each card of a list perhaps
        wanted = {key: file for key, file in imports.items() if self.imports.get(key) != file}
        inner.imports = {**self.imports, **imports}
        inner.assigned |= {key for key in self.assigned if key not in imports}
        needed = [
            each
            for each in tree.body
            if not isinstance(each, nodes.Import) or each.target in wanted
        ]
        return _scoped(inner.visit_all(needed), node)

    def _escapes_like(self, name: str) -> bool:
        return nodes.EvalContext(self.environment, name).autoescape == self.eval_ctx.autoescape

    # ---- macros ----

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:  # noqa: N802
        """What a name stands for, where it is known."""
        if node.ctx == "load" and node.name in self.known:
            return cast("nodes.Expr", clone(self.known[node.name]))
        return super().visit_Name(node)

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802
        """A macro with constant arguments that gives a constant is that constant, wherever it is called."""
        folded = super().visit_Call(node)
        if not isinstance(folded, nodes.Call):
            return folded
        text = self._constant_text(self._written(folded)) if _only_constants(folded) else None
        return self._reachable(folded) if text is None else self.const(text, node)

    def _reachable(self, node: nodes.Call) -> nodes.Expr:
        """A call of a sibling that stays a call: under the name that its file has out here."""
        name = node.node
        if self.calls_siblings and isinstance(name, nodes.Name) and name.name in self.siblings:
            alias = nodes.Name(self.calls_siblings, "load", lineno=node.lineno)
            node.node = nodes.Getattr(alias, name.name, "load", lineno=node.lineno)
        return node

    def visit_Output(self, node: nodes.Output) -> list[nodes.Node]:  # noqa: N802
        """What is printed; a macro that is printed is written out."""
        body: list[nodes.Node] = []
        for each in node.nodes:
            if isinstance(each, nodes.Call):
                body += self._printed(each)
            else:
                shown = self.pieces(_shown(self.visit(each)))
                body.append(nodes.Output(shown, lineno=node.lineno))
        return body

    def _printed(self, call: nodes.Call) -> list[nodes.Node]:
        if isinstance(call.node, nodes.Name) and call.node.name == "caller" and self.inside_call:
            return cast("list[nodes.Node]", clone(self.inside_call))
        folded = super().visit_Call(call)
        if isinstance(folded, nodes.Call):
            written = self._written(folded)
            if written is not None:
                return written
            folded = self._reachable(folded)
        return [nodes.Output(self.pieces(folded), lineno=call.lineno)]

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node | list[nodes.Node]:  # noqa: N802
        """A macro around a text of the page's own: written out, where neither hides a name from the other."""
        call = super().visit_Call(node.call)
        node.body = self.visit_all(node.body)
        if isinstance(call, nodes.Call):
            written = None if node.args else self._written(call, node.body)
            if written is not None:
                return written
            node.call = cast("nodes.Call", self._reachable(call))
        return node

    def _found(self, called: nodes.Expr) -> tuple[str, str, nodes.Macro, _File] | None:
        """The macro that a call names: under which import, in which file."""
        if isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name):
            alias = called.node.name
            file_name = self.imports.get(alias)
            if file_name is None or alias in self.known:
                return None
            file = self._file(file_name)
            macro = file.macros.get(called.attr)
            return (alias, file_name, macro, file) if macro is not None else None
        if isinstance(called, nodes.Name) and called.name in self.siblings:
            own = _File(self.siblings, self.imports)
            return self.calls_siblings, self.name, self.siblings[called.name], own
        return None

    def _written(
        self, call: nodes.Call, inside: list[nodes.Node] | None = None
    ) -> list[nodes.Node] | None:
        """The text of a macro with the arguments of a call, around a text; None where it must stay a call."""
        found = self._found(call.node)
        if found is None or self.depth >= _DEEPEST:
            return None
        alias, file_name, macro, file = found
        given = _bound(macro, call, has_caller=inside is not None)
        if given is None or not self._escapes_like(file_name):
            return None
        body = [clone(each) for each in macro.body]
        told = _told_of(macro)
        inner = self._inside(file_name, told.assigned)
        inner.imports = file.imports
        inner.siblings = file.macros
        inner.calls_siblings = alias
        taken = inner.assigned
        hides = taken | set(given)
        inner.known = {
            key: value
            for key, value in given.items()
            if key not in taken
            and (
                isinstance(value, nodes.Const | nodes.Dict)
                or (inside is None and _fits_in(value, key, told, hides))
            )
        }
        left = {key: value for key, value in given.items() if key not in inner.known}
        inner.inside_call = inside
        if inside is not None and (taken | set(left)) & names_in(inside):
            return None
        inner.assigned = taken | set(given)
        written = inner.visit_all(body)
        own = set(left) | (set() if inside is None else names_in(inside))
        own |= names_in(list(inner.known.values()))
        if not self._may_stand_here(written, own, inner):
            return None
        if left:
            names = [nodes.Name(key, "param", lineno=call.lineno) for key in left]
            return [nodes.With(names, list(left.values()), written, lineno=call.lineno)]
        return _as_list(_scoped(written, call))

    def _may_stand_here(self, body: list[nodes.Node], own: set[str], inner: Folder) -> bool:
        """Whether what a macro still asks for by name means the same out here as in its own file."""
        scope = nodes.Scope(body)
        if found_in(scope, nodes.CallBlock):
            return False
        set_inside = {name.name for name in found_in(scope, nodes.Name) if name.ctx != "load"}
        for name in found_in(scope, nodes.Name):
            if name.ctx != "load" or name.name in own or name.name in set_inside:
                continue
            if name.name in self.imports or name.name in inner.imports:
                same = self.imports.get(name.name)
                if same is None or same != (
                    inner.imports.get(name.name)
                    if name.name in inner.imports
                    else self.imports.get(inner.calls_siblings)
                    if name.name == inner.calls_siblings
                    else None
                ):
                    return False
            elif name.name in self.assigned or name.name not in self.environment.globals:
                return False
        return True

    def _constant_text(self, body: list[nodes.Node] | None) -> str | None:
        if body is None:
            return None
        parts: list[str] = []
        for each in body:
            if not isinstance(each, nodes.Output):
                return None
            for child in each.nodes:
                if isinstance(child, nodes.TemplateData):
                    parts.append(child.data)
                elif isinstance(child, nodes.Const):
                    plain = escape(child.value) if self.eval_ctx.autoescape else str(child.value)
                    parts.append(str(plain))
                else:
                    return None
        return Markup("".join(parts)) if self.eval_ctx.autoescape else "".join(parts)  # noqa: S704


def _bound(
    macro: nodes.Macro, call: nodes.Call, *, has_caller: bool
) -> dict[str, nodes.Expr] | None:
    """The arguments of a call by the names of a macro; None where they are not plain."""
    if call.dyn_args is not None or call.dyn_kwargs is not None:
        return None
    special = {name.name for name in found_in(nodes.Scope(macro.body), nodes.Name)}
    names = [arg.name for arg in macro.args]
    unfit = {"varargs"} if has_caller else {"caller", "varargs"}
    if special & (unfit - set(names)) or len(call.args) > len(names):
        return None
    given: dict[str, nodes.Expr] = dict(zip(names, call.args, strict=False))
    for each in call.kwargs:
        if each.key in given or each.key not in names:
            return None
        given[each.key] = each.value
    for arg, default in zip(reversed(names), reversed(macro.defaults), strict=False):
        if arg not in given:
            if not isinstance(default, nodes.Const | nodes.Dict):
                return None
            given[arg] = cast("nodes.Expr", clone(default))
    if "kwargs" in special - set(names):
        given["kwargs"] = nodes.Dict([])
    is_whole = all(name in given for name in names)
    return given if is_whole else None


def _shown(node: nodes.Expr) -> nodes.Expr:
    """What is printed: where a choice has no `else`, nothing."""
    if isinstance(node, nodes.CondExpr) and node.expr2 is None:
        node.expr2 = nodes.Const("", lineno=node.lineno, environment=node.environment)
    return node


@dataclass(frozen=True)
class _Told:
    """What is to be known of a macro before it is written out: found once, as a page calls some of them forty times."""

    assigned: set[str]
    asked: Counter[str]
    """How often each name stands in it."""
    apart: set[str]
    """Names that stand in a loop or in a scope of their own."""


_APART = (nodes.For, nodes.Macro, nodes.CallBlock, nodes.Scope, nodes.With, nodes.AssignBlock)


def _told_of(macro: nodes.Macro) -> _Told:
    found: _Told | None = macro.__dict__.get("told")
    if found is None:
        body = nodes.Scope(macro.body)
        asked = Counter(name.name for name in found_in(body, nodes.Name))
        apart = names_in(list(found_in(body, _APART)))
        found = macro.__dict__["told"] = _Told(assigned_names(body), asked, apart)
    return found


def _fits_in(value: nodes.Expr, name: str, macro: _Told, hides: set[str]) -> bool:
    """Whether an argument can stand where its name is asked for: once, not in a loop, and with no name in it that means
    something else there. Where it is not asked for after all it is not worked out either.
    """
    if macro.asked[name] != 1 or name in macro.apart:
        return False
    return not names_in([value]) & hides


def _only_constants(call: nodes.Call) -> bool:
    values = [*call.args, *(each.value for each in call.kwargs)]
    return all(isinstance(each, nodes.Const) for each in values)


def _scoped(body: list[nodes.Node], at: nodes.Node) -> nodes.Node | list[nodes.Node]:
    """A body in a scope of its own, where it would otherwise leave something behind."""
    leaves = (nodes.Assign, nodes.AssignBlock, nodes.Import, nodes.FromImport)
    if found_in(nodes.Scope(body), leaves):
        return nodes.Scope(body, lineno=at.lineno)
    return body


def _macros_of(body: list[nodes.Node]) -> dict[str, nodes.Macro]:
    return {each.name: each for each in body if isinstance(each, nodes.Macro)}


def _imports_of(body: list[nodes.Node]) -> dict[str, str]:
    """The plain imports at the head of a file: under which name, which file."""
    return {
        each.target: each.template.value
        for each in body
        if isinstance(each, nodes.Import)
        and isinstance(each.template, nodes.Const)
        and not each.with_context
    }


def _as_list(found: Any) -> list[nodes.Node]:
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _join_outputs(tree: nodes.Node) -> None:
    """Makes one of outputs that follow one another."""
    for node in every_node(tree):
        for field in node.fields:
            body = getattr(node, field)
            if isinstance(body, list) and any(isinstance(each, nodes.Output) for each in body):
                joined: list[nodes.Node] = []
                for each in body:
                    last = joined[-1] if joined else None
                    if isinstance(each, nodes.Output) and isinstance(last, nodes.Output):
                        last.nodes = [*last.nodes, *each.nodes]
                    else:
                        joined.append(each)
                setattr(node, field, joined)
