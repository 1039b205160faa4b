"""The shapes of messages, settings, controls and state: Pydantic models whose fields carry the form keywords."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic import Field as PydanticField
from pydantic.alias_generators import to_camel
from pydantic_core import to_jsonable_python

from weirflow.errors import JSON, words_of
from weirflow.keywords import Align, Chart, Format, When, form_keywords, given_limits, unique

#: A member of an enumeration is a `str` or an `int` too, but no JSON.
_AS_IT_IS = frozenset({str, int, bool})

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

    In schemas a model is known by its module and qualified name (docs/adr/0035): two classes `Context` are two
    definitions. `class Context(Model, id="context")` names it otherwise, for a class that moves, or is made twice.
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
    #: Of this class alone: a derived class is another shape.
    __definition_id__: ClassVar[str] = ""

    def __init_subclass__(cls, version: int = 1, id: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)

    @classmethod
    def __pydantic_init_subclass__(cls, version: int = 1, id: str = "", **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.__state_version__ = version
        cls.__definition_id__ = id

    @classmethod
    def migrate(cls, old_version: int, data: dict[str, JSON]) -> dict[str, JSON]:
        """Turn what an older version stored into this version's. Keys are those of the metadata; raise to refuse."""
        return data


Button: TypeAlias = Annotated[bool, PydanticField(json_schema_extra={"format": "button"})]


def Field(
    default: Any = ...,
    *,
    default_factory: Any = None,
    alias: str | None = None,
    title: str | None = None,
    description: str | None = None,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    multiple_of: float | None = None,
    step: float | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
    unique_items: bool = False,
    pattern: str | None = None,
    examples: list[Any] | None = None,
    discriminator: str | None = None,
    readonly: bool = False,
    configurable: bool = False,
    shared: bool = False,
    id: str | None = None,
    secret: bool = False,
    write_only: bool = False,
    required_when: When | None = None,
    optional_when: When | None = None,
    shown_when: When | None = None,
    order: float | None = None,
    tab: str | None = None,
    align: Align | None = None,
    col_span: int | None = None,
    class_name: str | None = None,
    language: str | None = None,
    format: Format | None = None,
    enum_titles: list[str] | None = None,
    table_mode: bool = False,
    chart: Chart | None = None,
    card: bool = False,
    confirm: str | None = None,
) -> Any:
    """A field of a `Model`: its default, its limits, and how forms show it. `docs/schemas.md` has every keyword with
    an example.

    `configurable`: may be mapped on edges, and where its type is open (`Any`), its definition may be edited. `shared`:
    its definition is offered to the node's other ports. `id`: names that definition, so that another field or port may
    have the same. `secret`: masked in forms, redacted in status and telemetry, encrypted in state. `required_when`,
    `optional_when`: conditions on a sibling, which forms and mappings follow; `shown_when`: one that forms alone do.
    `alias`: its name on the wire. `chart`: how a live number of a control panel is drawn over time. `card`: it matters
    enough to stand on the node's card. `confirm`: what a person is asked before the value is sent.

    Raises `TypeError` for keywords that contradict each other; what contradicts the field's type is found when the
    component is declared.
    """
    limits = given_limits(ge, gt, le, lt, multiple_of, min_length, max_length, pattern)
    required = default is ... and default_factory is None
    keywords = form_keywords(
        required,
        None if default_factory is not None else default,
        readonly=readonly,
        configurable=configurable,
        shared=shared,
        id=id,
        secret=secret,
        write_only=write_only,
        required_when=required_when,
        optional_when=optional_when,
        shown_when=shown_when,
        order=order,
        tab=tab,
        align=align,
        col_span=col_span,
        class_name=class_name,
        language=language,
        format=format,
        enum_titles=enum_titles,
        table_mode=table_mode,
        chart=chart,
        card=card,
        confirm=confirm,
        unique_items=unique_items,
        step=step,
        limits=limits,
    )
    given: dict[str, Any] = {"default": default} if default_factory is None else {"default_factory": default_factory}
    if alias is not None:
        given["alias"] = alias
    field = PydanticField(
        **given,
        title=title,
        description=description,
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        multiple_of=multiple_of,
        min_length=min_length,
        max_length=max_length,
        pattern=pattern,
        examples=examples,
        discriminator=discriminator,
        json_schema_extra=keywords,
    )
    if unique_items:
        field.metadata.append(AfterValidator(unique))
    return field


def button(title: str, description: str | None = None, *, confirm: str | None = None, card: bool = False) -> Any:
    """A button of the control panel: `reset: Button = button("Reset counter")`, handled by `@on_control("reset")`.

    `confirm` says what a press does that cannot be taken back: the button is drawn as dangerous, and people are asked
    first. `card`: the button stands on the node's card too, beside the first other one that does.
    """
    return Field(False, title=title, description=description, format="button", confirm=confirm, card=card)


def stored(key: str, default: Any = ..., *, default_factory: Any = None, max_bytes: int | None = None) -> Any:
    """A field of a component's state under a key of its own in `status.metadata` (else: the field's name with
    dashes).

    `max_bytes` bounds a list: its oldest items leave first. 64 KiB unless told.
    """
    keywords: dict[str, Any] = {"storedKey": key, "maxBytes": max_bytes}
    given: dict[str, Any] = {"default": default} if default_factory is None else {"default_factory": default_factory}
    return PydanticField(**given, json_schema_extra=keywords)


class NotJson(ValueError):
    """A value that is no message: a cycle, an object that no model describes, bytes that are no text."""


def to_json(value: Any) -> JSON:
    """`value` (a model, or Python data with models in it) as JSON. Raises `NotJson` for what that cannot carry; what is
    not a number (NaN, infinities) becomes null, in a model's own fields when it is written.
    """
    if value is None or type(value) in _AS_IT_IS:
        return value
    try:
        if isinstance(value, BaseModel):
            return value.__pydantic_serializer__.to_python(value, mode="json", by_alias=True)
        return to_jsonable_python(value, by_alias=True, inf_nan_mode="null")
    except Exception as error:
        raise NotJson(f"{type(value).__name__}: {words_of(error)}") from error
