"""Whatever is tried in this folder, none of it stands in the logs afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.security.corpus import ADDRESSES, TEXTS
from tests.security.ear import Ear, listening


@pytest.fixture(autouse=True)
def ear() -> Iterator[Ear]:
    """All that is logged during the test. No text of the corpus may be in it, whole or in its telling part."""
    with listening() as ear:
        yield ear
    assert not ear.words_of([*TEXTS, *ADDRESSES])
    assert not [line for line in ear.lines if "zq" in line]
