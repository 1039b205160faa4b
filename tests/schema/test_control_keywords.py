"""What an author says of a control panel reaches the schema, and what makes no sense is refused."""

from typing import Any

import pytest

from weirflow import Button, Field, Model, button
from weirflow.schema import schema_of


def fields(model: type[Model]) -> dict[str, Any]:
    return schema_of(model)["properties"]  # type: ignore[no-any-return]


def test_a_dangerous_button_a_chart_and_a_slider() -> None:
    class Control(Model):
        depth: int = Field(0, readonly=True, chart="sparkline")
        rate: float = Field(1.0, ge=0, le=10, step=0.5, format="range")
        purge: Button = button("Purge", confirm="All is lost.", card=True)
        send: Button = button("Send")

    shown = fields(Control)
    assert shown["depth"]["chart"] == "sparkline"
    assert (shown["rate"]["format"], shown["rate"]["minimum"], shown["rate"]["maximum"]) == ("range", 0, 10)
    assert (shown["purge"]["confirm"], shown["purge"]["card"]) == ("All is lost.", True)
    assert shown["send"].keys().isdisjoint({"confirm", "card", "chart"})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"chart": "pie", "readonly": True}, "sparkline or line"),
        ({"chart": "line"}, "make it readonly"),
        ({"confirm": " "}, "say what"),
        ({"format": "range", "ge": 0}, "give ge and le"),
    ],
)
def test_keywords_that_make_no_sense_are_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(TypeError, match=says):
        Field(0, **given)


def test_only_numbers_are_drawn_and_slid() -> None:
    class Chart(Model):
        text: str = Field("", readonly=True, chart="line")

    class Slider(Model):
        names: str = Field("", format="range", ge=0, le=1)

    for model in (Chart, Slider):
        with pytest.raises(TypeError):
            schema_of(model)
