"""What a model takes, its schema takes, and the other way round: there is one truth about a message."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from tests.schema.shapes import near_documents, shapes
from weirflow import Model
from weirflow.schema import schema_of
from weirflow.schema.walk import inner, reference

SLOW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def takes(model: type[Model], document: Any) -> bool:
    try:
        # Strict: that a model reads "5" as 5 is a kindness of its own, not what it says it takes.
        model.__pydantic_validator__.validate_json(json.dumps(document), strict=True)
    except ValidationError:
        return False
    return True


@SLOW
@given(st.data())
def test_a_model_and_its_schema_take_the_same_documents(data: st.DataObject) -> None:
    model = data.draw(shapes())
    schema = schema_of(model)
    Draft202012Validator.check_schema(schema)
    document = data.draw(near_documents(schema, schema))
    valid, taken = Draft202012Validator(schema).is_valid(document), takes(model, document)
    if taken and not valid:
        # Pydantic looks constants up by equality, in which true is 1: it reads the one as the other.
        valid = Draft202012Validator(schema).is_valid(numbers_for_truths(document))
    assert valid == taken


@pytest.mark.parametrize("document", [{"alpha": True}, {"alpha": 1}])
def test_a_constant_is_found_by_equality(document: Any) -> None:
    class Shape(Model):
        alpha: Literal[1, "one"]

    assert takes(Shape, document)
    assert Draft202012Validator(schema_of(Shape)).is_valid(numbers_for_truths(document))


def numbers_for_truths(document: Any) -> Any:
    match document:
        case bool():
            return int(document)
        case dict():
            return {key: numbers_for_truths(value) for key, value in document.items()}
        case list():
            return [numbers_for_truths(value) for value in document]
    return document


@SLOW
@given(shapes())
def test_every_reference_leads_to_a_definition_with_an_identity_of_its_own(model: type[Model]) -> None:
    schema = schema_of(model)
    definitions = schema.get("$defs", {})
    waiting, found = [schema], set()
    while waiting:
        part = waiting.pop()
        key = reference(part)
        if key is not None:
            found.add(key)
        waiting.extend(inner(part))
    assert found == set(definitions)
    identities = [definition["x-id"] for definition in definitions.values()]
    assert len(set(identities)) == len(identities)
