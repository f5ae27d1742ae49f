"""What is left to do once a template is folded: nothing is imported that nobody asks for, nothing is looked up twice.

Must not know what was folded.
"""

from __future__ import annotations

from typing import Any

from jinja2 import nodes

from ideas_app.web.compiling.folding import assigned_names
from ideas_app.web.compiling.trees import every_node, found_in


def choose_in_place(tree: nodes.Template) -> None:
    """Makes one piece of an `if` whose branches are plain words, so that it joins with what stands around it."""
    for node in every_node(tree):
        for field in node.fields:
            body = getattr(node, field)
            if field == "elif_" or not isinstance(body, list):
                continue
            if any(isinstance(each, nodes.If) for each in body):
                setattr(node, field, [_chosen(each) for each in body])


def _chosen(node: nodes.Node) -> nodes.Node:
    if not isinstance(node, nodes.If) or node.elif_:
        return node
    texts = [_words_of(node.body), _words_of(node.else_)]
    if None in texts:
        return node
    one, other = (nodes.TemplateData(text, lineno=node.lineno) for text in texts)
    choice = nodes.CondExpr(node.test, one, other, lineno=node.lineno)
    choice.environment = node.environment
    choice.is_words = True  # type: ignore[attr-defined]  # `writing` escapes nothing then
    return nodes.Output([choice], lineno=node.lineno)


def _words_of(body: list[nodes.Node]) -> str | None:
    """The words that some statements print; None where they do more."""
    found = ""
    for each in body:
        if not isinstance(each, nodes.Output):
            return None
        for child in each.nodes:
            if not isinstance(child, nodes.TemplateData):
                return None
            found += child.data
    return found


def leave_out_imports(tree: nodes.Template) -> None:
    """Takes out imports whose macros have all been written into their places.

    A file that is still included, or a macro of this one, may count on them.
    """
    if found_in(tree, (nodes.Include, nodes.Extends)):
        return
    asked = {name.name for name in found_in(tree, nodes.Name) if name.ctx == "load"}
    for node in every_node(tree):
        for field in node.fields:
            body = getattr(node, field)
            if isinstance(body, list) and any(isinstance(each, nodes.Import) for each in body):
                left = [each for each in body if not _is_idle(each, asked)]
                setattr(node, field, left)


def _is_idle(node: nodes.Node, asked: set[str]) -> bool:
    return isinstance(node, nodes.Import) and node.target not in asked


def look_ahead(tree: nodes.Template) -> None:
    """Names at the head of the file, and of each block, all that is looked up within it: otherwise each scope, and each
    turn of a loop, asks the context anew. What the file sets anywhere is left where it is.
    """
    assigned = assigned_names(tree)
    parts: list[Any] = [tree, *found_in(tree, nodes.Block)]
    for part in parts:
        names = {each.name for each in _names_below(part) if each.ctx == "load"}
        wanted = sorted(names - assigned - {"self", "super", "caller"})
        if wanted:
            asked: list[nodes.Expr] = [
                nodes.Name(name, "load", lineno=part.lineno) for name in wanted
            ]
            head = nodes.ExprStmt(nodes.Tuple(asked, "load"), lineno=part.lineno)
            head.only_names = True  # type: ignore[attr-defined]
            part.body = [head, *part.body]


def _names_below(part: nodes.Node) -> list[nodes.Name]:
    """The names in a part; blocks among it have a head of their own."""
    within = {
        id(name) for block in found_in(part, nodes.Block) for name in found_in(block, nodes.Name)
    }
    return [name for name in found_in(part, nodes.Name) if id(name) not in within]
