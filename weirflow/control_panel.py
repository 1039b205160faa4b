"""A message to the control panel: the fields that were filled in, and the button that was pressed."""

from __future__ import annotations

from pydantic import ValidationError

from weirflow.errors import JSON, MessageRejected
from weirflow.fields import Model
from weirflow.spec import CONTROL_PORT
from weirflow.validation import describe


def read_control(model: type[Model], data: JSON, node: str) -> tuple[Model, str | None]:
    """The panel with the fields of `data`, each valid, and the name of the pressed button (None: fields only).

    Fields that were not sent have their defaults; those without one are missing. Raises `MessageRejected`.
    """
    if not isinstance(data, dict):
        raise MessageRejected("a control message is an object of fields", port=CONTROL_PORT, node=node)
    by_wire_name = {field.alias or name: name for name, field in model.model_fields.items()}
    message = model.model_construct()
    pressed: list[str] = []
    for key, value in data.items():
        name = by_wire_name.get(key) or (key if key in model.model_fields else None)
        if name is None:
            raise MessageRejected(
                f"the control panel of {node} has no field {key!r}", port=CONTROL_PORT, node=node, field=f"/{key}"
            )
        try:
            model.__pydantic_validator__.validate_assignment(message, name, value)
        except ValidationError as error:
            pointer, text = describe(error)
            # An assignment goes by the name in Python; people know the one on the wire.
            field = pointer.replace(f"/{name}", f"/{key}", 1)
            text = text.replace(pointer, field, 1)
            raise MessageRejected(
                f"the control panel of {node} does not take the message: {text}",
                permanent=True,
                field=field,
                port=CONTROL_PORT,
                node=node,
            ) from None
        if _is_button(model, name) and getattr(message, name) is True:
            pressed.append(name)
    if len(pressed) > 1:
        # They would share one operation id, so that the second looked like a repeat of the first.
        raise MessageRejected(
            f"{' and '.join(pressed)} are pressed in one message; press one button at a time",
            port=CONTROL_PORT,
            node=node,
        )
    return message, pressed[0] if pressed else None


def _is_button(model: type[Model], name: str) -> bool:
    extra = model.model_fields[name].json_schema_extra
    return isinstance(extra, dict) and extra.get("format") == "button"
