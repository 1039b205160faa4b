"""Structural schemas of custom resources: prune, default and validate one object in one walk.

The rules are the API's: unknown fields are pruned unless `x-kubernetes-preserve-unknown-fields`, nulls of fields that
are not nullable are dropped, defaults are filled, and what is left is checked; each violation is one cause.
"""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

import orjson

from weirflow.embedded.errors import Cause

JSON_TYPES: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    dict: "object",
    list: "array",
    type(None): "null",
}


def shown(value: Any) -> str:
    """A value as the API quotes it in an error: strings in quotes, scalars bare, the rest as JSON."""
    return orjson.dumps(value).decode()


def compiled(pattern: str) -> Any:
    """As a real server has it: RE2, whose flags may stand anywhere and whose time does not depend on the pattern. What
    only Python knows, and an earlier version has stored, is Python's. Raises re.error."""
    # Loaded with the first pattern: few definitions have one.
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error:
        return re.compile(pattern)


class Schema:
    """One node of a structural schema, compiled so that a walk looks nothing up by keyword."""

    __slots__ = (
        "additional",
        "all_of",
        "any_of",
        "atomic",
        "default",
        "enum",
        "exclusive_maximum",
        "exclusive_minimum",
        "format",
        "has_default",
        "int_or_string",
        "items",
        "keep_unknown",
        "list_keys",
        "list_set",
        "max_items",
        "max_length",
        "max_properties",
        "maximum",
        "min_items",
        "min_length",
        "min_properties",
        "minimum",
        "multiple",
        "never",
        "nullable",
        "one_of",
        "pattern",
        "properties",
        "required",
        "type",
    )  # fmt: skip

    def __init__(self, source: dict[str, Any]) -> None:
        self.type: str = source.get("type", "")
        self.int_or_string = bool(source.get("x-kubernetes-int-or-string"))
        self.keep_unknown = bool(source.get("x-kubernetes-preserve-unknown-fields"))
        self.nullable = bool(source.get("nullable"))
        self.properties = {name: Schema(child) for name, child in source.get("properties", {}).items()}
        additional = source.get("additionalProperties")
        self.additional = Schema(additional if isinstance(additional, dict) else KEEP_ANY) if additional else None
        items = source.get("items")
        self.items = Schema(items) if isinstance(items, dict) else None
        self.required: list[str] = source.get("required", [])
        self.has_default = "default" in source
        self.default = source.get("default")
        self.enum: list[Any] | None = source.get("enum")
        self.format: str = source.get("format", "")
        self.pattern: Any = compiled(source["pattern"]) if "pattern" in source else None
        self.minimum, self.maximum = source.get("minimum"), source.get("maximum")
        self.exclusive_minimum = bool(source.get("exclusiveMinimum"))
        self.exclusive_maximum = bool(source.get("exclusiveMaximum"))
        self.multiple = source.get("multipleOf")
        self.min_properties, self.max_properties = source.get("minProperties"), source.get("maxProperties")
        self.all_of, self.any_of, self.one_of = (
            [Schema(one) for one in source.get(name, ())] for name in ("allOf", "anyOf", "oneOf")
        )
        self.never = Schema(source["not"]) if isinstance(source.get("not"), dict) else None
        self.min_length, self.max_length = source.get("minLength"), source.get("maxLength")
        self.min_items, self.max_items = source.get("minItems"), source.get("maxItems")
        self.atomic = source.get("x-kubernetes-map-type") == "atomic"
        self.list_set = source.get("x-kubernetes-list-type") == "set"
        self.list_keys: list[str] = source.get("x-kubernetes-list-map-keys", [])

    def settle(self, value: Any, settled: Collection[str] = ()) -> None:
        """Prune, drop nulls and fill defaults in `value`, in place; what stands in its fields `settled` has been."""
        if isinstance(value, dict):
            self._settle_object(value, settled)
        elif isinstance(value, list) and self.items is not None:
            for item in value:
                self.items.settle(item)

    def _settle_object(self, value: dict[str, Any], settled: Collection[str]) -> None:
        for name in list(value):
            if name in settled:
                continue
            child = self.properties.get(name, self.additional)
            if child is None:
                if not self.keep_unknown:
                    del value[name]
            elif value[name] is None and not child.nullable and not child.keep_unknown:
                del value[name]
            elif child.type == "integer" and _is_whole_float(value[name]):
                value[name] = int(value[name])
            else:
                child.settle(value[name])
        for name, child in self.properties.items():
            if child.has_default and name not in value:
                value[name] = copy.deepcopy(child.default)
                child.settle(value[name])

    def check(self, value: Any, path: str, causes: list[Cause], checked: Collection[str] = ()) -> None:
        """Append one cause for each rule that `value`, found at `path`, breaks. What stands in its fields `checked`
        breaks none."""
        if not self._right_type(value):
            wanted = "integer,string" if self.int_or_string else self.type
            found = shown(JSON_TYPES[type(value)])
            text = f"Invalid value: {found}: {path} in body must be of type {wanted}: {found}"
            causes.append(Cause(path, "FieldValueInvalid", text))
            return
        if self.enum is not None and value not in self.enum:
            options = ", ".join(shown(option) for option in self.enum)
            text = f"Unsupported value: {shown(value)}: supported values: {options}"
            causes.append(Cause(path, "FieldValueNotSupported", text))
        if isinstance(value, str):
            self._check_text(value, path, causes)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self._check_number(value, path, causes)
        elif isinstance(value, dict):
            self._check_object(value, path, causes, checked)
        elif isinstance(value, list):
            self._check_list(value, path, causes)
        if self.all_of or self.any_of or self.one_of or self.never is not None:
            self._check_together(value, path, causes)

    def _check_together(self, value: Any, path: str, causes: list[Cause]) -> None:
        """What other schemas say of the same value. They only check: what they name is not kept or filled by them."""

        def holds(schema: Schema) -> bool:
            found: list[Cause] = []
            schema.check(value, path, found)
            return not found

        said = ""
        for schema in self.all_of:
            schema.check(value, path, causes)
        if not all(holds(schema) for schema in self.all_of):
            said = "must validate all the schemas (allOf)"
        elif self.any_of and not any(holds(schema) for schema in self.any_of):
            said = "must validate at least one schema (anyOf)"
        elif self.one_of and sum(holds(schema) for schema in self.one_of) != 1:
            said = "must validate one and only one schema (oneOf)"
        elif self.never is not None and holds(self.never):
            said = "must not validate the schema (not)"
        if said:
            quoted = f'"{path}" ' if path else ""
            causes.append(Cause(path, "FieldValueInvalid", f"Invalid value: {quoted}{said}"))

    def _right_type(self, value: Any) -> bool:
        if value is None:
            return self.nullable or self.keep_unknown
        if self.int_or_string:
            return isinstance(value, int | str) and not isinstance(value, bool)
        if not self.type:
            return True
        if self.type == "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        if self.type == "integer":
            whole = isinstance(value, int) or _is_whole_float(value)
            return whole and not isinstance(value, bool)
        return JSON_TYPES[type(value)] == self.type

    def _check_text(self, value: str, path: str, causes: list[Cause]) -> None:
        said = ""
        if self.max_length is not None and len(value) > self.max_length:
            said = f"should be at most {self.max_length} chars long"
        elif self.min_length is not None and len(value) < self.min_length:
            said = f"should be at least {self.min_length} chars long"
        elif self.pattern is not None and not self.pattern.search(value):
            said = f"should match '{self.pattern.pattern}'"
        elif self.format == "date-time" and not is_date_time(value):
            said = f"must be of type date-time: {shown(value)}"
        if said:
            causes.append(Cause(path, "FieldValueInvalid", f"Invalid value: {shown(value)}: {path} in body {said}"))

    def _check_number(self, value: float, path: str, causes: list[Cause]) -> None:
        said = ""
        if self.minimum is not None and value < self.minimum:
            said = f"should be greater than or equal to {self.minimum}"
        elif self.exclusive_minimum and value == self.minimum:
            said = f"should be greater than {self.minimum}"
        elif self.maximum is not None and value > self.maximum:
            said = f"should be less than or equal to {self.maximum}"
        elif self.exclusive_maximum and value == self.maximum:
            said = f"should be less than {self.maximum}"
        elif self.multiple and math.fmod(value, self.multiple) != 0:
            said = f"should be a multiple of {self.multiple}"
        if said:
            causes.append(Cause(path, "FieldValueInvalid", f"Invalid value: {shown(value)}: {path} in body {said}"))

    def _check_object(self, value: dict[str, Any], path: str, causes: list[Cause], checked: Collection[str]) -> None:
        if self.max_properties is not None and len(value) > self.max_properties:
            text = f"Too many: {len(value)}: must have at most {self.max_properties} items"
            causes.append(Cause(path, "FieldValueTooMany", text))
        if self.min_properties is not None and len(value) < self.min_properties:
            text = f"Invalid value: {len(value)}: {path} in body should have at least {self.min_properties} properties"
            causes.append(Cause(path, "FieldValueInvalid", text))
        for name in self.required:
            if name not in value:
                causes.append(Cause(_join(path, name), "FieldValueRequired", "Required value"))
        for name, item in value.items():
            child = None if name in checked else self.properties.get(name, self.additional)
            if child is not None:
                child.check(item, _join(path, name), causes)

    def _check_list(self, value: list[Any], path: str, causes: list[Cause]) -> None:
        if self.max_items is not None and len(value) > self.max_items:
            text = f"Invalid value: {len(value)}: {path} in body should have at most {self.max_items} items"
            causes.append(Cause(path, "FieldValueInvalid", text))
        if self.min_items is not None and len(value) < self.min_items:
            text = f"Invalid value: {len(value)}: {path} in body should have at least {self.min_items} items"
            causes.append(Cause(path, "FieldValueInvalid", text))
        if self.items is not None:
            for index, item in enumerate(value):
                self.items.check(item, f"{path}[{index}]", causes)
        self._check_unique(value, path, causes)

    def _check_unique(self, value: list[Any], path: str, causes: list[Cause]) -> None:
        if not self.list_set and not self.list_keys:
            return
        seen: set[bytes] = set()
        for index, item in enumerate(value):
            if self.list_keys:
                if not isinstance(item, dict) or any(key not in item for key in self.list_keys):
                    continue
                item = {key: item[key] for key in self.list_keys}
            mark = orjson.dumps(item, option=orjson.OPT_SORT_KEYS)
            if mark in seen:
                causes.append(Cause(f"{path}[{index}]", "FieldValueDuplicate", f"Duplicate value: {shown(item)}"))
            seen.add(mark)


KEEP_ANY: dict[str, Any] = {"x-kubernetes-preserve-unknown-fields": True, "nullable": True}


def is_date_time(value: str) -> bool:
    """True for an RFC 3339 time with an offset."""
    try:
        return datetime.fromisoformat(value).tzinfo is not None and "T" in value
    except ValueError:
        return False


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _is_whole_float(value: Any) -> bool:
    """Whether a number with a point or an exponent stands for an integer of 64 bits."""
    return isinstance(value, float) and value.is_integer() and abs(value) < 2**63
