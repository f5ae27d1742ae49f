"""Small questions about templates as trees, and copies of them. Must not know what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable


Kind = TypeVar("Kind", bound=nodes.Node)


def clone(node: Any, keep: type[nodes.Node] | tuple[type[nodes.Node], ...] = ()) -> Any:
    """A copy of a node and all below it; the environment is shared, and so are nodes of the kinds to `keep`."""
    if isinstance(node, nodes.Node):
        if isinstance(node, keep):
            return node
        copied = object.__new__(
            type(node)
        )  # without asking how many fields there are: pages have thousands
        copied.__dict__.update(node.__dict__)
        for field in node.fields:
            value = getattr(node, field)
            if isinstance(value, nodes.Node | list | tuple):
                setattr(copied, field, clone(value, keep))
        return copied
    if isinstance(node, list):
        return [clone(each, keep) for each in node]
    if isinstance(node, tuple):
        return tuple(clone(each, keep) for each in node)
    return node


def found_in(tree: nodes.Node, kind: type[Kind] | tuple[type[Kind], ...]) -> list[Kind]:
    """All nodes of a kind below another, in their order: as `find_all`, in a quarter of the time."""
    found: list[Kind] = []
    _look(tree, kind, found)
    return found


def _look(node: nodes.Node, kind: type[Kind] | tuple[type[Kind], ...], found: list[Kind]) -> None:
    for field in node.fields:
        value = getattr(node, field)
        for each in value if isinstance(value, list | tuple) else (value,):
            if isinstance(each, nodes.Node):
                if isinstance(each, kind):
                    found.append(each)
                _look(each, kind, found)


def every_node(tree: nodes.Node) -> list[nodes.Node]:
    """A node and all below it."""
    return [tree, *found_in(tree, nodes.Node)]


def names_in(body: list[nodes.Node]) -> set[str]:
    """All names in some statements, asked for or set."""
    return {name.name for name in found_in(nodes.Scope(body), nodes.Name)}


def names_set_in(body: Iterable[nodes.Node]) -> frozenset[str]:
    """Names that get a value in some statements, blocks and scopes among them left aside."""
    found: set[str] = set()
    for each in body:
        if isinstance(each, nodes.Block | nodes.Scope):
            continue
        if isinstance(each, nodes.Name) and each.ctx != "load":
            found.add(each.name)
        elif isinstance(each, nodes.Import):
            found.add(each.target)
        elif isinstance(each, nodes.Macro):
            found.add(each.name)
        found |= names_set_in(each.iter_child_nodes())
    return frozenset(found)
