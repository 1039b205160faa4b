"""A person's edit of one field of a node's state: read, compared with what they saw, checked, applied to a draft."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from weirflow.errors import JSON, Fail
from weirflow.fields import Model
from weirflow.schema.generate import schema_of
from weirflow.schema.walk import reachable
from weirflow.state_codec import StateCodec, json_text
from weirflow.validation import describe

if TYPE_CHECKING:
    from weirflow.context import Context
    from weirflow.state import StateStore
    from weirflow.state_codec import StateField
    from weirflow.ways import Handler


@dataclass(frozen=True, slots=True)
class StateEdit:
    """`value` for `field`, which had the digest `was` when the person looked (`digest_of`). `by` is their name."""

    field: str
    value: JSON
    was: str
    by: str

    @classmethod
    def read(cls, data: JSON) -> StateEdit:
        """The edit in a message. Raises `Fail`."""
        match data:
            case {"field": str(field), "value": value, "was": str(was), **more}:
                by = more.get("by")
                return cls(field, value, was, by if isinstance(by, str) else "")
        raise Fail("an edit of the state names a field, its value and the digest it had", code="edit_invalid")


def edit_for(store: StateStore[Any] | None, data: JSON, node: str) -> tuple[StateStore[Any], Handler]:
    """The state, and what handles the edit in `data` as the message of an operation is. Raises `Fail`."""
    if store is None:
        text = f"{node} keeps no state that could be edited"
        raise Fail(text, code="no_state", permanent=True, node=node)
    edit = StateEdit.read(data)

    async def handle(ctx: Context, _message: Any) -> JSON:
        await edit_state(store, ctx, edit)
        return {"edited": edit.field, "by": edit.by}

    return store, handle


async def edit_state(store: StateStore[Any], ctx: Context, edit: StateEdit) -> None:
    """Store the edit, as any change. Raises `Fail`, also where the component's own check would make it another."""
    async with store.change(ctx) as state:
        apply_edit(store.codec, state, edit)
        checked = store.validate(store.codec.draft(state))
        if _plain(store.codec, checked) != _plain(store.codec, state):
            text = f"the component does not keep {edit.field} at this value"
            raise Fail(text, code="state_unfit", permanent=True)


def digest_of(plain: JSON) -> str:
    """Names a value: exactly, while numbers of a browser are not."""
    return hashlib.sha256(json_text(plain).encode()).hexdigest()[:16]


def field_schema(codec: StateCodec, field: StateField) -> dict[str, Any]:
    """JSON Schema of a field's values, with the definitions that it comes to and none of other fields."""
    whole: dict[str, Any] = schema_of(codec.model)
    own = dict((whole.get("properties") or {}).get(field.alias) or {})
    defs = whole.get("$defs") or {}
    needed = reachable({"$defs": {**defs, "": own}}, [""]) - {""}
    return {**own, "$defs": {key: defs[key] for key in sorted(needed)}} if needed else own


def is_guarded(codec: StateCodec, field: StateField) -> bool:
    """Whether a field is a secret, or something inside its values is."""
    if field.secret:
        return True
    waiting: list[Any] = [field_schema(codec, field)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if part.get("secret") is True or part.get("writeOnly") is True or part.get("format") == "password":
                return True
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return False


def apply_edit(codec: StateCodec, draft: Model, edit: StateEdit) -> None:
    """Put the edit's value into `draft`. Raises `Fail` that says why it does not go in."""
    field = next((one for one in codec.fields if one.name == edit.field), None)
    if field is None:
        known = ", ".join(one.name for one in codec.fields)
        raise Fail(f"the state has no field {edit.field!r} (it has {known})", code="unknown_field", permanent=True)
    if is_guarded(codec, field):
        text = f"{field.name} holds a secret, which only the component itself writes"
        raise Fail(text, code="state_secret", permanent=True)
    now = getattr(draft, field.name)
    if digest_of(field.plain(now)) != edit.was:
        text = f"{field.name} has changed since you looked, so that nothing was written: look again, then repeat"
        raise Fail(text, code="state_changed", permanent=True)
    try:
        value = field.strict(edit.value)
        # Once more, for what the model's own validators ask.
        draft.__pydantic_validator__.validate_assignment(draft, field.name, value)
    except ValidationError as error:
        at, text = describe(error)
        text = text.removeprefix("the message: ").removeprefix(f"/{field.name}: ")
        raise Fail(
            f"{field.name} does not take this value: {text}", code="state_unfit", permanent=True, field=at
        ) from None


def _plain(codec: StateCodec, state: Model) -> list[JSON]:
    return [field.plain(getattr(state, field.name)) for field in codec.fields]
