"""Weirflow: SDK and runtime for flows of components on Kubernetes.

Everything a module's author needs is named here; it is loaded on first use, because the parts of the product that are
no module (the embedded cluster, the web) should not pay for it.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_PLACES = {
    "component": ("Component", "ComponentInfo"),
    "context": ("Context", "OutputHandler", "derive_operation_id", "is_leader", "output_handler"),
    "errors": ("JSON", "AlreadyApplied", "Fail", "MessageRejected", "NotLeader", "Problem", "StateError"),
    "fields": ("Button", "Field", "Model", "button", "stored"),
    "identity": ("Identity",),
    "locks": ("Held", "LockLost", "LockTimeout"),
    "ports": ("Output", "Port", "Result", "input", "on_control", "output"),
    "services": ("HttpRequest", "HttpResponse", "NodeServices", "Route"),
    "spec": ("Module", "Position"),
    "state": ("StateStore",),
}
_MODULE_OF = {name: module for module, names in _PLACES.items() for name in names}

__all__ = sorted(_MODULE_OF)

if TYPE_CHECKING:
    from weirflow.component import Component as Component
    from weirflow.component import ComponentInfo as ComponentInfo
    from weirflow.context import Context as Context
    from weirflow.context import OutputHandler as OutputHandler
    from weirflow.context import derive_operation_id as derive_operation_id
    from weirflow.context import is_leader as is_leader
    from weirflow.context import output_handler as output_handler
    from weirflow.errors import JSON as JSON
    from weirflow.errors import AlreadyApplied as AlreadyApplied
    from weirflow.errors import Fail as Fail
    from weirflow.errors import MessageRejected as MessageRejected
    from weirflow.errors import NotLeader as NotLeader
    from weirflow.errors import Problem as Problem
    from weirflow.errors import StateError as StateError
    from weirflow.fields import Button as Button
    from weirflow.fields import Field as Field
    from weirflow.fields import Model as Model
    from weirflow.fields import button as button
    from weirflow.fields import stored as stored
    from weirflow.identity import Identity as Identity
    from weirflow.locks import Held as Held
    from weirflow.locks import LockLost as LockLost
    from weirflow.locks import LockTimeout as LockTimeout
    from weirflow.ports import Output as Output
    from weirflow.ports import Port as Port
    from weirflow.ports import Result as Result
    from weirflow.ports import input as input
    from weirflow.ports import on_control as on_control
    from weirflow.ports import output as output
    from weirflow.services import HttpRequest as HttpRequest
    from weirflow.services import HttpResponse as HttpResponse
    from weirflow.services import NodeServices as NodeServices
    from weirflow.services import Route as Route
    from weirflow.spec import Module as Module
    from weirflow.spec import Position as Position
    from weirflow.state import StateStore as StateStore


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{module}"), name)
