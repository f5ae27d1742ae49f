"""What every command of the line shares: faults in one line on stderr, exit 1.

Must not know any feature. Commands speak English: they are for operators.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ideas_app.core.errors import DomainError, Invalid
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def plainly(*passing: type[DomainError]) -> Iterator[None]:
    """Within this block a fault of the service ends the command with its words, all of them in one line.

    `passing`: kinds of fault that the command tells in its own way.
    """
    with speaking("en"):
        try:
            yield
        except passing:
            raise
        except Invalid as invalid:
            lines = "; ".join(str(fault.message) for fault in invalid.faults)
            raise click.ClickException(lines) from None
        except DomainError as fault:
            raise click.ClickException(str(fault.message)) from None
