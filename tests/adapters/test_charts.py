"""Charts are pictures that can be read aloud, and that a strict page may hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from ideas_app.adapters import charts
from ideas_app.adapters.charts import draw

SPEC = {
    "data": {"values": [{"group": "20세 미만 <b>", "people": 12}, {"group": "뷁", "people": 30}]},
    "mark": "bar",
    "encoding": {
        "y": {"field": "group", "type": "nominal"},
        "x": {"field": "people", "type": "quantitative"},
    },
}


@pytest.fixture(autouse=True)
def nothing_is_remembered(
    drawing_anew: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "_engine", drawing_anew)


def test_a_chart_has_a_title_a_description_and_one_role() -> None:
    root = ET.fromstring(draw(SPEC, title="누가 <얼마나>", description="막대 둘 & 수"))
    assert root.get("role") == "img"
    title, description, *_rest = root
    assert (title.text, description.text) == ("누가 <얼마나>", "막대 둘 & 수")
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert not [part for part in root.iter() if part is not root and part.get("role")]


def test_a_chart_holds_its_labels_as_text_and_nothing_that_the_policy_blocks() -> None:
    drawn = draw(SPEC, title="t", description="d")
    root = ET.fromstring(drawn)
    texts = [part.text for part in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"20세 미만 <b>", "뷁"} <= set(texts)
    assert not re.search(r"<(?:script|style|image|a)\b|\bstyle=|\bon\w+=|href", drawn)


def test_the_same_numbers_give_the_same_picture_and_other_titles_another_name() -> None:
    assert draw(SPEC, title="t", description="d") == draw(SPEC, title="t", description="d")
    assert names_in(draw(SPEC, title="t", description="d")).isdisjoint(
        names_in(draw(SPEC, title="u", description="d"))
    )


def names_in(drawn: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', drawn))


def test_a_picture_that_would_load_something_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot stand in a page"):
        draw(
            {
                "data": {"values": [{"a": 1}]},
                "mark": {"type": "point", "href": "https://example.org"},
                "encoding": {"x": {"field": "a", "type": "quantitative"}},
            },
            title="t",
            description="d",
        )
