"""The Python that templates are compiled into: Jinja's own, with less on the way.

Jinja hands out piece by piece, through a chain of generators, one for each layout; and each value that is printed
becomes an object that knows it is escaped, only to be joined with the others.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, has_safe_repr
from markupsafe import Markup, escape

try:
    from markupsafe._speedups import _escape_inner
except ImportError:  # the same in Python, where no compiled one was built
    from markupsafe._native import _escape_inner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jinja2.compiler import Frame

escaped = _escape_inner
"""A plain text with its marks escaped; for values of type `str` alone."""

_PASSED = ("jinja_pass_arg",)


_CHANGES = frozenset(
    {"update", "append", "extend", "insert", "pop", "remove", "clear", "setdefault"}
)
"""Methods that change a dictionary or a list: where a template calls one, none is shared between renderings."""


def printed(value: object) -> str:
    """A value as it stands in a page, with its marks escaped; markup stays as it is."""
    kind = type(value)
    if kind is str:
        return escaped(value)  # type: ignore[arg-type]
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else escape(value)


class Writer(CodeGenerator):
    """Writes blocks as one string, calls of plain functions as calls, and makes constants once."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        """The module; what it keeps of constants stands at its end, found when it is called."""
        self._kept: dict[str, str] = {}
        self._depth = 0
        self._may_share = not any(each.attr in _CHANGES for each in node.find_all(nodes.Getattr))
        super().visit_Template(node, frame)
        for written, name in self._kept.items():
            self.writeline(f"{name} = {written}")
        self.writeline("printed, escaped = environment.printed, environment.escaped")
        self.writeline("builtin = type(len)")

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
        if getattr(node, "is_words", False):
            return
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("(escaped(had) if type(had := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if getattr(node, "is_words", False):
            return
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_post(node, frame, finalize)
        else:
            self.write(") is str else printed(had))")

    def visit_ExprStmt(self, node: nodes.ExprStmt, frame: Frame) -> None:  # noqa: N802
        """A statement; of one that only names what is wanted further down nothing is written."""
        if not getattr(node, "only_names", False):
            super().visit_ExprStmt(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """An attribute, asked of the object itself first; whatever it does not have is the environment's question."""
        with self._named(node.node, "own", frame) as (value, again):
            self.write("(had if (had := getattr(")
            value()
            self.write(f", {node.attr!r}, missing)) is not missing else environment.getattr(")
            again()
            self.write(f", {node.attr!r}))")

    @contextmanager
    def _named(
        self, node: nodes.Expr, name: str, frame: Frame
    ) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
        """What writes an expression for the first time, and what writes it again: by a name, so that it is worked out
        once.
        """
        if isinstance(node, nodes.Name):
            yield (lambda: self.visit(node, frame)), (lambda: self.visit(node, frame))
            return
        self._depth += 1
        own = f"{name}_{self._depth}"

        def value() -> None:
            self.write(f"({own} := ")
            self.visit(node, frame)
            self.write(")")

        yield value, lambda: self.write(own)
        self._depth -= 1

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:  # noqa: N802
        """A test; for None nothing is called."""
        if node.name != "none":
            super().visit_Test(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(" is None)")

    def visit_Call(  # noqa: N802
        self,
        node: nodes.Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002  # Jinja's own signature
    ) -> None:
        """A function of ours that wants nothing of the context is called without asking the context; so is a method of
        Python's own types.
        """
        if not forward_caller and self._is_plain(node):
            self.visit(node.node, frame)
            self._arguments(node, frame)
            return
        if (
            forward_caller
            or not isinstance(node.node, nodes.Getattr)
            or not _has_plain_arguments(node)
        ):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self._depth += 1
        own = f"called_{self._depth}"
        self.write(f"({own}")
        self._arguments(node, frame)
        self.write(f" if type({own} := ")
        self.visit(node.node, frame)
        self.write(f") is builtin else context.call({own}, ")
        self._arguments(node, frame, opened=True)
        self.write(")")
        self._depth -= 1

    def _arguments(self, node: nodes.Call, frame: Frame, *, opened: bool = False) -> None:
        if not opened:
            self.write("(")
        for each in (*node.args, *node.kwargs):
            self.visit(each, frame)
            self.write(", ")
        self.write(")")

    def _is_plain(self, node: nodes.Call) -> bool:
        if not isinstance(node.node, nodes.Name) or not _has_plain_arguments(node):
            return False
        called = self.environment.globals.get(node.node.name)
        return (
            callable(called)
            and not isinstance(called, type)
            and not any(hasattr(called, mark) for mark in _PASSED)
        )


def _has_plain_arguments(node: nodes.Call) -> bool:
    if node.dyn_args or node.dyn_kwargs:
        return False
    names = [each.key for each in node.kwargs]
    return all(name.isidentifier() and name not in _WORDS for name in names)


_WORDS = frozenset({"class", "for", "from", "in", "is", "if", "or", "and", "not", "as", "global"})
