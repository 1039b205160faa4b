"""What operations answer, for the OpenAPI document alone: nothing is made of it until somebody asks for that.

Views answer with ready responses, which the framework passes on as they are. Of a declared ``response`` it makes a
model for each status of each operation all the same, 900 of them: 0.23 s and 17 MiB of every web process.
"""

from collections.abc import Callable, Mapping
from copy import copy
from functools import cache
from typing import Any

import ninja
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from pydantic import ConfigDict


class Schema(ninja.Schema):
    """A body or an answer. Its validator is built where it is used first: that of an answer for the document."""

    model_config = ConfigDict(defer_build=True)


Answers = Mapping[int, Any]
"""The type of the body for each status; None for an answer without one."""


class Router(ninja.Router):
    """Takes ``response`` as the framework's own does: the type of the body for each status, or for 200 alone."""

    def add_api_operation(
        self, path: str, methods: list[str], view_func: Callable[..., Any], *, response: Any = None, **options: Any
    ) -> None:
        super().add_api_operation(path, methods, view_func, **options)
        # Goes with the view through the decorators around it.
        vars(view_func)["answers"] = response if isinstance(response, Mapping) else {200: response}


class Api(ninja.NinjaAPI):
    """Describes its operations with what was declared for `Router`."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        return Document(self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)


class Document(OpenAPISchema):
    """The OpenAPI document."""

    def responses(self, operation: Operation) -> dict[int, dict[str, Any]]:
        described = copy(operation)
        described.response_models = {status: _model_of(body) for status, body in _answers_of(operation).items()}
        return super().responses(described)


def _answers_of(operation: Operation) -> Answers:
    return vars(operation.view_func)["answers"]


@cache
def _model_of(body: Any) -> type[ninja.Schema] | None:
    """A model with the body as its only field, as the framework makes one."""
    if body is None:
        return None
    return type("NinjaResponseSchema", (ninja.Schema,), {"__annotations__": {"response": body}})
