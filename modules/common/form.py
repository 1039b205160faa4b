"""The form."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError, field_validator

from modules.common.form_fields import FormField, panel_model, values_model
from weirflow import JSON, Button, Component, Context, Fail, Field, Model, Port, button, on_control

OUT, CONTROL = "out", "_control"
#: Names that the panel has for itself.
RESERVED = ("submit", "submitted", "answer")
#: Of the flow's answer so many characters are shown.
ANSWER_LIMIT = 2_000


class Form(Component):
    """Shows a form, and sends what people fill in.

    The settings' `fields` are the form: each has a name, a kind (text, number, yes or no, choice, date, ...), and what
    people read beside it. It stands on the node's control panel and, put there, on a dashboard. Submit sends one
    message with a value for each field by its name: `""` or null where nothing was filled in, and `false` for a yes or
    no that was left. What the flow answers is shown below the form.

    What does not fit is refused field by field, and nothing is sent; `incomplete` (permanent) names a required field
    that is empty. The failure of the flow is told to who pressed. A press is handled by the leading replica; if that
    dies in the middle, its successor sends the message again as the same operation.
    """

    category = "Sources"
    icon = "form"
    tags = ("input", "dashboard", "manual", "approval", "source")

    class Settings(Model):
        fields: list[FormField] = Field(
            [FormField(name="text")],
            title="Fields",
            description="What can be filled in, from top to bottom",
            min_length=1,
            max_length=40,
        )

        @field_validator("fields")
        @classmethod
        def _consistent(cls, fields: list[FormField]) -> list[FormField]:
            taken = set(RESERVED)
            for each in fields:
                if each.name in taken:
                    raise ValueError(f"the name {each.name!r} is taken; each field needs one of its own")
                taken.add(each.name)
                _check_default(each)
            return fields

    class Control(Model):
        submitted: int = Field(0, title="Submitted", readonly=True, description="Since the module started")
        answer: str = Field("", title="Answer", readonly=True, description="What the flow said to the last one")
        submit: Button = button("Submit")

    settings: Settings

    def __init__(self) -> None:
        self._submitted = 0
        self._answer = ""

    def ports(self) -> list[Port]:
        fields = self.settings.fields
        settings, control, *_ = super().ports()
        panel = Port(CONTROL, control.label, control.position, control.source, panel_model(self.Control, fields))
        return [settings, panel, Port.output(OUT, values_model(fields))]

    @on_control("submit")
    async def submit(self, ctx: Context, message: Any) -> None:
        # Of a panel, only the fields that were sent have been looked at: the others are not there if they must be.
        values = {each.name: self._value(message, index, each) for index, each in enumerate(self.settings.fields)}
        self._submitted += 1
        self._answer = ""
        self.publish()
        self._answer = _shown(await self.emit(ctx, OUT, values))
        self.publish()

    def control(self) -> Control:
        return self.Control(submitted=self._submitted, answer=self._answer)

    def live(self) -> str:
        return f"{self._submitted} submitted" if self._submitted else ""

    def _value(self, message: Any, index: int, field: FormField) -> JSON:
        value = getattr(message, f"field_{index}", None)
        if field.required and value in (None, ""):
            raise Fail(
                f"{field.title or field.name} is required; fill it in",
                code="incomplete",
                permanent=True,
                field=f"/{field.name}",
            )
        return value


def _check_default(field: FormField) -> None:
    """Raises `ValueError` for a choice without choices, and a default that the field would refuse."""
    model = values_model([field])
    if field.default is None:
        return
    try:
        model.model_validate({field.name: field.default})
    except ValidationError as error:
        raise ValueError(f"the default of {field.name} does not fit it: {error.errors()[0]['msg']}") from None


def _shown(answer: JSON) -> str:
    if answer is None:
        return ""
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    return text if len(text) <= ANSWER_LIMIT else text[:ANSWER_LIMIT] + "…"
