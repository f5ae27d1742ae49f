"""The door to YAML: documents of our own that are shipped with the service.

Must not know what they hold. Only the safe loader: a document can make no objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file as plain lists, dicts and scalars. Raises `OSError`, `yaml.YAMLError`."""
    with path.open("rb") as file:
        return yaml.load(file, Loader=_LOADER)  # noqa: S506  # it is the safe loader, in C where there is one
