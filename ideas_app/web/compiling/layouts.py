"""Layouts, written around the pages that extend them when a template is compiled.

A layout costs a chain of generators, a call for each block, and a look for each name in each of them; and what is the
same on every page, and next to one another, stays in pieces. Whatever is not plain (a chosen layout, `super()`, blocks
in loops, names that would mean something else out here) stays as it is. Must not know what is folded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from jinja2 import nodes

from ideas_app.web.compiling.trees import clone, found_in, names_set_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import BaseLoader, Environment

    Parse = Callable[[str], nodes.Template]

_SETS = (nodes.Assign, nodes.AssignBlock, nodes.Import, nodes.FromImport, nodes.Macro)
_HIDES_NAMES = (nodes.For, nodes.Macro, nodes.CallBlock, nodes.FilterBlock)


_EXTENDS = re.compile(r"""\{%[-+]?\s*extends\s+["']([^"']+)""")


class _NotPlainError(Exception):
    """Something that only Jinja's own way tells right."""


def unite(page: nodes.Template, parse: Parse) -> nodes.Template:
    """The page as one file: with all its layouts around it, and no blocks; the page itself where that is not plain.

    `parse` reads another template.
    """
    files = [page]
    try:
        while (layout := _layout_of(files[-1])) is not None:
            files.append(parse(layout))
        return page if len(files) == 1 else _United(files).tree()
    except _NotPlainError:
        return page


def layouts_in(environment: Environment) -> frozenset[str]:
    """The files that others extend: they keep their blocks, for pages that are not plain. Read once."""
    known: frozenset[str] | None = environment.__dict__.get("_layouts")
    if known is None:
        loader = cast("BaseLoader", environment.loader)
        sources = (loader.get_source(environment, name)[0] for name in loader.list_templates())
        found = {name for source in sources for name in _EXTENDS.findall(source)}
        known = environment.__dict__["_layouts"] = frozenset(found)
    return known


def _layout_of(file: nodes.Template) -> str | None:
    """The name of the file that another extends."""
    found = found_in(file, nodes.Extends)
    if not found:
        return None
    name = found[0].template
    is_plain = len(found) == 1 and found[0] in file.body and isinstance(name, nodes.Const)
    if not is_plain or not isinstance(name.value, str):  # type: ignore[attr-defined]
        raise _NotPlainError
    return name.value  # type: ignore[attr-defined]


class _United:
    """A page and its layouts, from the innermost file to the outermost."""

    def __init__(self, files: list[nodes.Template]) -> None:
        self.files = files
        self.blocks: dict[str, nodes.Block] = {}
        for file in files:
            own = {block.name: block for block in found_in(file, nodes.Block)}
            if any(block.scoped or block.required for block in own.values()):
                raise _NotPlainError
            self.blocks = {**own, **self.blocks}
        self.told: dict[str, nodes.Node | None] = {}
        """Blocks whose text is asked for by `self.x()`: it is made once, ahead of everything."""

    def tree(self) -> nodes.Template:
        """All of it as one file."""
        outermost = self.files[-1]
        sets = [each for file in self.files[:-1] for each in _sets_of(file)]
        sets += _leading_sets(outermost)
        _refuse_clashes(sets)
        body = self.filled([each for each in outermost.body if not _is_set(each)], frozenset())
        body = [self.with_texts(each) for each in body]
        texts = [cast("nodes.Node", each) for each in self.told.values()]
        united = nodes.Template([*_once(sets), *texts, *body], lineno=1)
        if any(name.name in {"self", "super"} for name in found_in(united, nodes.Name)):
            raise _NotPlainError
        return united

    def filled(self, body: list[nodes.Node], hidden: frozenset[str]) -> list[nodes.Node]:
        """Statements with the blocks among them written out. `hidden`: names set around them, which no block sees."""
        own = hidden | names_set_in(body)
        return [self._filled(each, own) for each in body]

    def _filled(self, node: nodes.Node, hidden: frozenset[str]) -> nodes.Node:
        if isinstance(node, nodes.Block):
            return self.block(node.name, hidden, node.lineno)
        if not found_in(node, nodes.Block):
            return cast("nodes.Node", clone(node))
        if isinstance(node, _HIDES_NAMES):
            raise _NotPlainError
        copied = clone(node, keep=nodes.Block)
        inside = hidden | names_set_in([node])
        for field in node.fields:
            value = getattr(copied, field)
            if isinstance(value, list):
                setattr(copied, field, [self._filled(each, inside) for each in value])
        return cast("nodes.Node", copied)

    def block(self, name: str, hidden: frozenset[str], lineno: int) -> nodes.Scope:
        """What stands in a block's place, in a scope of its own."""
        body = self.blocks[name].body
        if hidden & {each.name for each in found_in(nodes.Scope(body), nodes.Name)}:
            raise _NotPlainError
        return nodes.Scope(self.filled(body, hidden), lineno=lineno)

    def with_texts(self, node: nodes.Node) -> nodes.Node:
        """A statement in which `self.x()` is the name of a text."""
        for field in node.fields:
            value = getattr(node, field)
            if isinstance(value, list):
                setattr(node, field, [self._with_text(each) for each in value])
            elif isinstance(value, nodes.Node):
                setattr(node, field, self._with_text(value))
        return node

    def _with_text(self, node: Any) -> Any:
        if not isinstance(node, nodes.Node):
            return node
        if not isinstance(node, nodes.Call) or not _asks_itself(node):
            return self.with_texts(node)
        name = cast("nodes.Getattr", node.node).attr
        called = f"text_of_{name}"
        if name not in self.told:
            if name not in self.blocks:
                raise _NotPlainError
            self.told[name] = None
            body = [self.with_texts(self.block(name, frozenset(), node.lineno))]
            # again at the end: those that it asks for itself come before it
            del self.told[name]
            target = nodes.Name(called, "store", lineno=node.lineno)
            self.told[name] = nodes.AssignBlock(target, None, body, lineno=node.lineno)
        elif self.told[name] is None:
            raise _NotPlainError  # it asks for itself
        return nodes.Name(called, "load", lineno=node.lineno)


def _asks_itself(call: nodes.Call) -> bool:
    asked = call.node
    return (
        isinstance(asked, nodes.Getattr)
        and isinstance(asked.node, nodes.Name)
        and asked.node.name == "self"
        and not (call.args or call.kwargs or call.dyn_args or call.dyn_kwargs)
    )


def _is_set(node: nodes.Node) -> bool:
    return isinstance(node, _SETS)


def _sets_of(file: nodes.Template) -> list[nodes.Node]:
    """What a file that extends another does outside of blocks; what it would print there nobody sees."""
    plain = (*_SETS, nodes.Extends, nodes.Output, nodes.Block)
    if not all(isinstance(each, plain) for each in file.body):
        raise _NotPlainError
    found = [each for each in file.body if _is_set(each)]
    if any(found_in(each, nodes.Block) for each in found):
        raise _NotPlainError
    return [clone(each) for each in found]


def _leading_sets(file: nodes.Template) -> list[nodes.Node]:
    """The same of the outermost file, where it stands before everything that could ask for it."""
    places = [at for at, each in enumerate(file.body) if _is_set(each)]
    others = [
        at
        for at, each in enumerate(file.body)
        if not _is_set(each) and not (isinstance(each, nodes.Output) and _is_text(each))
    ]
    if places and others and places[-1] > others[0]:
        raise _NotPlainError
    return [clone(file.body[at]) for at in places]


def _is_text(output: nodes.Output) -> bool:
    return all(isinstance(each, nodes.TemplateData) for each in output.nodes)


def _refuse_clashes(sets: list[nodes.Node]) -> None:
    """Two imports or macros of one name, of which each file means its own."""
    known: dict[str, object] = {}
    for each in sets:
        for name, means in _brought(each):
            if known.setdefault(name, means) != means:
                raise _NotPlainError
    assigned = {
        name.name
        for each in sets
        if isinstance(each, nodes.Assign | nodes.AssignBlock)
        for name in found_in(each, nodes.Name)
        if name.ctx == "store"
    }
    if assigned & known.keys():
        raise _NotPlainError


def _brought(node: nodes.Node) -> list[tuple[str, object]]:
    """The names that a statement brings, and what each means."""
    if isinstance(node, nodes.Macro):
        return [(node.name, object())]
    if isinstance(node, nodes.Import):
        return [(node.target, _file_of(node))]
    if isinstance(node, nodes.FromImport):
        pairs = [(each, each) if isinstance(each, str) else each for each in node.names]
        return [(alias, (name, *_file_of(node))) for name, alias in pairs]
    return []


def _file_of(brought: nodes.Import | nodes.FromImport) -> tuple[object, bool]:
    name = brought.template
    return name.value if isinstance(name, nodes.Const) else object(), brought.with_context


def _once(sets: list[nodes.Node]) -> list[nodes.Node]:
    """Without the imports that stand there already."""
    known: set[str] = set()
    left = []
    for each in sets:
        if isinstance(each, nodes.Import):
            if each.target in known:
                continue
            known.add(each.target)
        left.append(each)
    return left
