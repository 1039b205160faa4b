"""The fields of a form as its settings say them, and the models that come of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, StringConstraints, create_model

from weirflow import JSON, Field, Model

Kind = Literal["text", "long_text", "number", "whole_number", "yes_no", "choice", "date", "email"]
FieldName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=40)]
Choice = Annotated[str, StringConstraints(min_length=1, max_length=200)]

#: Where the settings describe nothing.
_SAYS: dict[Kind, str] = {
    "text": "A text",
    "long_text": "A text, of several lines",
    "number": "A number",
    "whole_number": "A whole number",
    "yes_no": "Yes or no",
    "choice": "One of the choices",
    "date": "A day",
    "email": "An e-mail address",
}
_TEXT_LENGTH = 10_000
_DATE = r"^(\d{4}-\d{2}-\d{2})?$"
_EMAIL = r"^([^@\s]+@[^@\s]+)?$"


class FormField(Model):
    """One field."""

    model_config = ConfigDict(title="Field", frozen=True)

    name: FieldName = Field(
        title="Name", description="Its name in the message: letters, digits and _, a letter first", examples=["amount"]
    )
    title: str = Field("", max_length=100, title="Title", description="What people read; made of the name when empty")
    kind: Kind = Field(
        "text",
        title="Kind",
        description="What can be filled in",
        enum_titles=["Text", "Long text", "Number", "Whole number", "Yes or no", "Choice", "Date", "E-mail address"],
    )
    description: str = Field("", max_length=500, title="Description", description="Help that stands beside it")
    required: bool = Field(False, title="Required", description="On: the form cannot be sent without it")
    choices: list[Choice] = Field(
        default_factory=list,
        max_length=100,
        title="Choices",
        description="What can be chosen, for a choice",
        required_when=("kind", "equal", "choice"),
    )
    default: Any = Field(None, title="Default", description="What stands there at first; nothing when empty")


def panel_model(base: type[Model], fields: list[FormField]) -> type[Model]:
    """`base`, the panel, with the fields to fill in. Raises `ValueError` for fields that contradict themselves."""
    return create_model("FormPanel", __base__=base, __module__=__name__, **_declared(fields, for_panel=True))


def values_model(fields: list[FormField]) -> type[Model]:
    """The message that the form sends."""
    return create_model("FormValues", __base__=Model, __module__=__name__, **_declared(fields, for_panel=False))


def _declared(fields: list[FormField], *, for_panel: bool) -> dict[str, Any]:
    return {f"field_{index}": _field(each, for_panel=for_panel) for index, each in enumerate(fields)}


def _field(said: FormField, *, for_panel: bool) -> tuple[Any, Any]:
    kind, keywords, empty = _shape(said)
    has_default = said.default is not None
    default: JSON = said.default if has_default else ... if said.required or not for_panel else empty
    if empty is None and not said.required:
        kind = kind | None
    words: dict[str, Any] = {
        "alias": said.name,
        "title": said.title or said.name[:1].upper() + said.name[1:].replace("_", " "),
        "description": said.description or _SAYS[said.kind],
    }
    return kind, Field(default, **words, **keywords)


def _shape(said: FormField) -> tuple[Any, dict[str, Any], JSON]:
    """The type, its keywords, and what stands for nothing."""
    match said.kind:
        case "number":
            return float, {}, None
        case "whole_number":
            return int, {}, None
        case "yes_no":
            return bool, {}, False
        case "choice":
            if not said.choices:
                raise ValueError(f"{said.name} is a choice of nothing; list its choices")
            return Literal[tuple(said.choices)], {}, None
    least = {"min_length": 1} if said.required else {}
    more: dict[Kind, dict[str, Any]] = {
        "long_text": {"format": "textarea"},
        "date": {"format": "date", "pattern": _DATE},
        "email": {"format": "email", "pattern": _EMAIL},
    }
    return str, {"max_length": _TEXT_LENGTH, **least, **more.get(said.kind, {})}, ""
