"""The Python that templates are compiled into: Jinja's own, with less on the way.

Jinja hands out piece by piece, through a chain of generators, one for each layout; and each value that is printed
becomes an object that knows it is escaped, only to be joined with the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, has_safe_repr
from markupsafe import Markup, escape

try:
    from markupsafe._speedups import _escape_inner
except ImportError:  # the same in Python, where no compiled one was built
    from markupsafe._native import _escape_inner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2.compiler import Frame

_PASSED = ("jinja_pass_arg",)


_CHANGES = frozenset(
    {"update", "append", "extend", "insert", "pop", "remove", "clear", "setdefault"}
)
"""Methods that change a dictionary or a list: where a template calls one, none is shared between renderings."""


def printed(value: object) -> str:
    """A value as it stands in a page, with its marks escaped; markup stays as it is."""
    kind = type(value)
    if kind is str:
        return _escape_inner(value)  # type: ignore[arg-type]
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else escape(value)


class Writer(CodeGenerator):
    """Writes blocks as one string, calls of plain functions as calls, and makes constants once."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        """The module; what it keeps of constants stands at its end, found when it is called."""
        self._kept: dict[str, str] = {}
        self._may_share = not any(each.attr in _CHANGES for each in node.find_all(nodes.Getattr))
        super().visit_Template(node, frame)
        for written, name in self._kept.items():
            self.writeline(f"{name} = {written}")
        self.writeline("printed = environment.printed")

    def visit_Const(self, node: nodes.Const, frame: Frame) -> None:  # noqa: N802
        """A constant; one that would have to be put together is kept."""
        value = node.as_const(frame.eval_ctx)
        if isinstance(value, Markup | tuple):
            self._keep(value)
        else:
            super().visit_Const(node, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802
        """A dictionary; one of constants is made once, where nobody changes it."""
        if self._may_share and node.items:
            try:
                value = node.as_const(frame.eval_ctx)
            except nodes.Impossible:
                pass
            else:
                if has_safe_repr(value):
                    self._keep(value)
                    return
        super().visit_Dict(node, frame)

    def _keep(self, value: object) -> None:
        self.write(self._kept.setdefault(repr(value), f"kept_{len(self._kept)}"))

    def blockvisit(self, body: Iterable[nodes.Node], frame: Frame) -> None:
        """A whole block, or a file without a layout, is put together before it is handed on."""
        is_whole = frame.parent is None and frame.buffer is None and not frame.require_output_check
        if not is_whole:
            super().blockvisit(body, frame)
            return
        self.buffer(frame)
        super().blockvisit(body, frame)
        self.writeline(f"yield concat({frame.buffer})")
        frame.buffer = None

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("printed(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """An attribute, asked of the object itself first; whatever it does not have is the environment's question."""
        if not isinstance(node.node, nodes.Name):
            super().visit_Getattr(node, frame)  # it would have to be written twice
            return
        self.write("(had if (had := getattr(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}, missing)) is not missing else environment.getattr(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}))")

    def visit_Call(  # noqa: N802
        self,
        node: nodes.Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002  # Jinja's own signature
    ) -> None:
        """A function of ours that wants nothing of the context is called without asking the context."""
        if forward_caller or not self._is_plain(node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for each in (*node.args, *node.kwargs):
            self.visit(each, frame)
            self.write(", ")
        self.write(")")

    def _is_plain(self, node: nodes.Call) -> bool:
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return False
        called = self.environment.globals.get(node.node.name)
        names = [each.key for each in node.kwargs]
        return (
            callable(called)
            and not isinstance(called, type)
            and not any(hasattr(called, mark) for mark in _PASSED)
            and all(name.isidentifier() and name not in _WORDS for name in names)
        )


_WORDS = frozenset({"class", "for", "from", "in", "is", "if", "or", "and", "not", "as", "global"})
