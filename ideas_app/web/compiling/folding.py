"""What gives the same on every request becomes a constant when a template is compiled.

Only for templates of one language, see `environment`. Must not know macros or includes.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, cast

from flask import current_app, url_for
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup
from werkzeug.routing import BuildError

from ideas_app.web.addresses import around
from ideas_app.web.compiling.trees import found_in
from ideas_app.web.steady import is_steady

if TYPE_CHECKING:
    from jinja2 import Environment

_PLACES = re.compile(r"%\((\w+)\)s")
TEXTS = {"_": 1, "gettext": 1, "pgettext": 2, "ngettext": 2, "npgettext": 3}
"""The functions of translations, and how many constant words each begins with."""


class Constants(NodeTransformer):
    """Folds texts, addresses and whatever follows from the language.

    `assigned`: names that the template gives a value of its own; they are not what they seem.
    """

    def __init__(
        self, environment: Environment, name: str, translations: Any, assigned: set[str]
    ) -> None:
        self.environment = environment
        self.name = name
        self.translations = translations
        self.assigned = assigned
        self.eval_ctx = nodes.EvalContext(environment, name)

    def const(self, value: Any, like: nodes.Node) -> nodes.Const:
        """A constant at the place of another node."""
        return nodes.Const(value, lineno=like.lineno, environment=self.environment)

    def markup(self, text: str) -> str:
        """A text of ours as templates take it: markup, where marks are escaped."""
        return Markup(text) if self.eval_ctx.autoescape else text  # noqa: S704  # as Jinja does itself

    def visit_all(self, body: list[nodes.Node]) -> list[nodes.Node]:
        """What becomes of some statements in a row."""
        written: list[nodes.Node] = []
        for each in body:
            found = self.visit(each)
            if isinstance(found, list):
                written += found
            elif found is not None:
                written.append(found)
        return written

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:  # noqa: N802
        """The language is known."""
        language: str | None = getattr(self.environment, "language", None)
        if node.ctx == "load" and node.name == "locale" and node.name not in self.assigned:
            return self.const(language, node)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802
        """Texts and addresses that are the same on each request."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name in self.assigned:
            return node
        name = node.node.name
        if name in TEXTS:
            return self._text(name, node)
        if _is_plain(node):
            try:
                return self._of_app(name, node)
            except BuildError:
                pass
        return node

    def _of_app(self, name: str, node: nodes.Call) -> nodes.Expr:
        values = [each.value for each in node.args if isinstance(each, nodes.Const)]
        named = {
            each.key: each.value.value
            for each in node.kwargs
            if isinstance(each.value, nodes.Const)
        }
        if len(values) + len(named) < len(node.args) + len(node.kwargs):
            return self._around_number(name, values, named, node)
        called: Any = self.environment.globals.get(name)
        if is_steady(called):
            return self.const(called(*values, **named), node)
        is_address = name == "url_for" and len(values) == 1 and "_external" not in named
        if is_address and values[0] in current_app.view_functions:
            return self.const(url_for(values[0], **named), node)
        return node

    def _around_number(
        self, name: str, values: list[Any], named: dict[str, Any], node: nodes.Call
    ) -> nodes.Expr:
        """An address of which one number alone is not known: what stands before and after it is."""
        if name != "url_for" or len(values) != 1 or len(named) + 1 != len(node.kwargs):
            return node
        (left,) = (each for each in node.kwargs if not isinstance(each.value, nodes.Const))
        if values[0] not in current_app.view_functions:
            return node
        found = around(current_app, values[0], left.key, named)
        if found is None:
            return node
        known = [self.const(each, node) for each in (*found, values[0], left.key)]
        others = [each for each in node.kwargs if each is not left]
        placed = nodes.Name("placed", "load", lineno=node.lineno)
        return nodes.Call(placed, [*known, left.value], others, None, None, lineno=node.lineno)

    def _text(self, name: str, node: nodes.Call) -> nodes.Expr:
        words = [each.value for each in node.args if isinstance(each, nodes.Const)]
        count = TEXTS[name]
        is_counted = name in {"ngettext", "npgettext"}
        fits = len(node.args) == count + is_counted and all(
            _is_const(each) for each in node.args[:count]
        )
        if not fits or node.dyn_args or node.dyn_kwargs:
            return node
        values = {each.key: each.value for each in node.kwargs}
        if is_counted:
            number = node.args[count]
            values.setdefault("num", number)
            return self._counted(name, words[:count], number, values, node)
        if name == "pgettext":
            values.setdefault("context", self.const(words[0], node))
        said = self.translations
        text = said.upgettext(*words) if name == "pgettext" else said.ugettext(*words)
        return self._filled(text, values, node)

    def _counted(
        self,
        name: str,
        words: list[str],
        number: nodes.Expr,
        values: dict[str, nodes.Expr],
        node: nodes.Call,
    ) -> nodes.Expr:
        """A text with a number: a language has one form, or one for 1 and one for the others."""
        find = self.translations.unpgettext if name == "npgettext" else self.translations.ungettext
        forms = {number: find(*words, number) for number in (0, 1, 2, 3, 5, 11, 21, 100, 101)}
        one = forms.pop(1)
        if len(set(forms.values())) > 1:
            return node
        many = self._filled(forms[2], values, node)
        if one == forms[2]:
            return many
        if not isinstance(number, nodes.Name | nodes.Getattr):
            return node  # it would be asked for twice
        is_one = nodes.Compare(number, [nodes.Operand("eq", self.const(1, node))])
        return nodes.CondExpr(is_one, self._filled(one, values, node), many)

    def _filled(self, text: str, values: dict[str, nodes.Expr], node: nodes.Node) -> nodes.Expr:
        """A text with its places filled; the per cent sign is doubled in it even without places."""
        words = self.const(self.markup(text), node)
        used = {key: value for key, value in values.items() if f"%({key})" in text}
        if all(_is_const(value) for value in used.values()):
            filled = {key: value.value for key, value in used.items()}  # type: ignore[attr-defined]
            return self.const(words.value % filled, node)
        pairs = [nodes.Pair(self.const(key, node), value) for key, value in used.items()]
        return nodes.Mod(words, nodes.Dict(pairs))

    def pieces(self, node: nodes.Expr) -> list[nodes.Expr]:
        """A text with places, where it is printed: its words and its values one after the other."""
        if not (
            self.eval_ctx.autoescape
            and isinstance(node, nodes.Mod)
            and isinstance(node.left, nodes.Const)
            and isinstance(node.left.value, Markup)
            and isinstance(node.right, nodes.Dict)
            and all(isinstance(pair.key, nodes.Const) for pair in node.right.items)
        ):
            return [node]
        values = {cast("nodes.Const", pair.key).value: pair.value for pair in node.right.items}
        words = _PLACES.split(str(node.left.value))
        texts, names = words[::2], words[1::2]
        if any("%" in text.replace("%%", "") for text in texts) or len(set(names)) < len(names):
            return [node]
        found: list[nodes.Expr] = []
        for text, name in zip_longest(texts, names):
            found.append(self.const(Markup(text.replace("%%", "%")), node))  # noqa: S704  # as it was
            if name is not None:
                found.append(values[name])
        return found

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802
        """Constants beside one another; Jinja itself would forget which of them are markup."""
        self.generic_visit(node)
        if not all(_is_const(each) for each in node.nodes):
            return node
        values = [each.value for each in node.nodes]  # type: ignore[attr-defined]
        if any(hasattr(value, "__html__") for value in values):
            return self.const(Markup().join(values), node)
        return self.const("".join(str(value) for value in values), node)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Expr:  # noqa: N802
        """A comparison of constants."""
        return self._decided(node)

    def visit_Not(self, node: nodes.Not) -> nodes.Expr:  # noqa: N802
        """The contrary of a constant."""
        return self._decided(node)

    def _decided(self, node: nodes.Expr) -> nodes.Expr:
        self.generic_visit(node)
        try:
            return self.const(node.as_const(self.eval_ctx), node)
        except nodes.Impossible:
            return node

    def visit_And(self, node: nodes.And) -> nodes.Expr:  # noqa: N802
        """What a constant on the left side decides."""
        self.generic_visit(node)
        if isinstance(node.left, nodes.Const):
            return node.right if node.left.value else node.left
        return node

    def visit_Or(self, node: nodes.Or) -> nodes.Expr:  # noqa: N802
        """As above."""
        self.generic_visit(node)
        if isinstance(node.left, nodes.Const):
            return node.left if node.left.value else node.right
        return node

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Expr:  # noqa: N802
        """One of two values, where it is known which."""
        self.generic_visit(node)
        if not isinstance(node.test, nodes.Const):
            return node
        if node.test.value:
            return node.expr1
        return node.expr2 if node.expr2 is not None else self.const("", node)

    def visit_If(self, node: nodes.If) -> nodes.Node | list[nodes.Node]:  # noqa: N802
        """One of several branches, where it is known which: Jinja's `if` makes no scope of its own."""
        left: list[tuple[nodes.Expr, list[nodes.Node]]] = []
        otherwise = node.else_
        for branch in (node, *node.elif_):
            test = self.visit(branch.test)
            if not isinstance(test, nodes.Const):
                left.append((test, self.visit_all(branch.body)))
            elif test.value:
                otherwise = branch.body
                break
        otherwise = self.visit_all(otherwise)
        if not left:
            return otherwise
        (test, body), *more = left
        others = [nodes.If(each, inside, [], [], lineno=node.lineno) for each, inside in more]
        return nodes.If(test, body, others, otherwise, lineno=node.lineno)


def _is_const(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const)


def _is_plain(node: nodes.Call) -> bool:
    unpacked = node.dyn_kwargs
    is_empty = unpacked is None or (isinstance(unpacked, nodes.Dict) and not unpacked.items)
    return node.dyn_args is None and is_empty


_NAMING = (nodes.Name, nodes.Macro, nodes.FromImport, nodes.Import)


def assigned_names(tree: nodes.Node) -> set[str]:
    """All names that get a value somewhere in a tree."""
    names: set[str] = set()
    for each in found_in(tree, _NAMING):
        if isinstance(each, nodes.Name):
            if each.ctx != "load":
                names.add(each.name)
        elif isinstance(each, nodes.Macro):
            names.add(each.name)
        elif isinstance(each, nodes.Import):
            names.add(each.target)
        elif isinstance(each, nodes.FromImport):
            names |= {name if isinstance(name, str) else name[1] for name in each.names}
    return names
