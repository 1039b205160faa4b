"""The shapes of messages, settings, controls and state: Pydantic models whose fields carry the form keywords."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import BaseModel, ConfigDict
from pydantic import Field as PydanticField
from pydantic.alias_generators import to_camel
from pydantic_core import to_jsonable_python

from weirflow.errors import JSON

__all__ = ["Button", "Field", "Model", "button", "stored", "to_json"]


def label_of(name: str) -> str:
    """`max_history` -> `Max history`."""
    text = name.strip("_").replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]


class Model(BaseModel):
    """A shape. Python names are snake_case, the wire's are camelCase (`max_history` is `maxHistory`).

    Unknown fields are refused in messages: a misspelt name in a mapping is an error on its edge, not silence.

    A model that is a component's state has a version: `class State(Model, version=2)`. Raise it when the texts that
    an older one stored cannot be read as they are, and implement `migrate`. Models inside the state's lists and dicts
    should be `frozen=True`: they are then shared between snapshots instead of copied at each change.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        extra="forbid",
        field_title_generator=lambda name, _: label_of(name),
    )

    __state_version__: ClassVar[int] = 1

    def __init_subclass__(cls, version: int = 1, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)

    @classmethod
    def __pydantic_init_subclass__(cls, version: int = 1, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.__state_version__ = version

    @classmethod
    def migrate(cls, old_version: int, data: dict[str, JSON]) -> dict[str, JSON]:
        """Turn what an older version stored into this version's. Keys are those of the metadata; raise to refuse."""
        return data


Button: TypeAlias = Annotated[bool, PydanticField(json_schema_extra={"format": "button"})]


def Field(
    default: Any = ...,
    *,
    default_factory: Any = None,
    title: str | None = None,
    description: str | None = None,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
    pattern: str | None = None,
    examples: list[Any] | None = None,
    readonly: bool = False,
    configurable: bool = False,
    shared: bool = False,
    secret: bool = False,
    tab: str | None = None,
    align: str | None = None,
    language: str | None = None,
    format: str | None = None,
    enum_titles: list[str] | None = None,
) -> Any:
    """A field of a `Model`: its default, its limits, and how forms show it (`docs/protocols.md` section 6).

    `configurable`: may be mapped on edges. `shared`: its definition is offered to the node's other ports. `secret`:
    masked in forms, redacted in status and telemetry, encrypted in state. `format`: textarea, code, password,
    date-time, duration.
    """
    keywords: dict[str, Any] = {
        "readonly": readonly or None,
        "configurable": configurable or None,
        "shared": shared or None,
        "secret": secret or None,
        "tab": tab,
        "align": align,
        "language": language,
        "format": format,
        "enumTitles": enum_titles,
    }
    given: dict[str, Any] = {"default": default} if default_factory is None else {"default_factory": default_factory}
    return PydanticField(
        **given,
        title=title,
        description=description,
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        min_length=min_length,
        max_length=max_length,
        pattern=pattern,
        examples=examples,
        json_schema_extra={name: value for name, value in keywords.items() if value is not None},
    )


def button(title: str, description: str | None = None) -> Any:
    """A button of the control panel: `reset: Button = button("Reset counter")`, handled by `@on_control("reset")`."""
    return PydanticField(default=False, title=title, description=description, json_schema_extra={"format": "button"})


def stored(key: str, default: Any = ..., *, default_factory: Any = None, max_bytes: int | None = None) -> Any:
    """A field of a component's state under a key of its own in `status.metadata` (else: the field's name with
    dashes).

    `max_bytes` bounds a list: its oldest items leave first. 64 KiB unless told.
    """
    keywords: dict[str, Any] = {"storedKey": key, "maxBytes": max_bytes}
    given: dict[str, Any] = {"default": default} if default_factory is None else {"default_factory": default_factory}
    return PydanticField(**given, json_schema_extra=keywords)


def to_json(value: Any) -> JSON:
    """`value` (a model, or Python data with models in it) as JSON. Raises `ValueError` for what JSON cannot carry."""
    if isinstance(value, BaseModel):
        return value.__pydantic_serializer__.to_python(value, mode="json", by_alias=True)
    if value is None or isinstance(value, str | int | float):
        return value
    return to_jsonable_python(value, by_alias=True)
