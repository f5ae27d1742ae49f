"""Small questions about templates as trees, and copies of them. Must not know what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def clone(node: Any, keep: type[nodes.Node] | tuple[type[nodes.Node], ...] = ()) -> Any:
    """A copy of a node and all below it; the environment is shared, and so are nodes of the kinds to `keep`."""
    if isinstance(node, nodes.Node):
        if isinstance(node, keep):
            return node
        copied = [clone(getattr(node, field), keep) for field in node.fields]
        return type(node)(*copied, lineno=node.lineno, environment=node.environment)
    if isinstance(node, list):
        return [clone(each, keep) for each in node]
    if isinstance(node, tuple):
        return tuple(clone(each, keep) for each in node)
    return node


def every_node(tree: nodes.Node) -> Iterator[nodes.Node]:
    """A node and all below it."""
    yield tree
    for child in tree.iter_child_nodes():
        yield from every_node(child)


def names_in(body: list[nodes.Node]) -> set[str]:
    """All names in some statements, asked for or set."""
    return {name.name for name in nodes.Scope(body).find_all(nodes.Name)}


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
