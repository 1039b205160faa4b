from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Calls(_message.Message):
    __slots__ = ("calls", "cancelled")
    CALLS_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    calls: _containers.RepeatedCompositeFieldContainer[Call]
    cancelled: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, calls: _Optional[_Iterable[_Union[Call, _Mapping]]] = ..., cancelled: _Optional[_Iterable[int]] = ...) -> None: ...

class Call(_message.Message):
    __slots__ = ("number", "target", "source", "payload", "operation_id", "edge", "depth", "timeout_ms", "forwarded", "epoch", "traceparent", "run")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    EDGE_FIELD_NUMBER: _ClassVar[int]
    DEPTH_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    FORWARDED_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    TRACEPARENT_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    number: int
    target: str
    source: str
    payload: bytes
    operation_id: str
    edge: str
    depth: int
    timeout_ms: int
    forwarded: bool
    epoch: int
    traceparent: str
    run: str
    def __init__(self, number: _Optional[int] = ..., target: _Optional[str] = ..., source: _Optional[str] = ..., payload: _Optional[bytes] = ..., operation_id: _Optional[str] = ..., edge: _Optional[str] = ..., depth: _Optional[int] = ..., timeout_ms: _Optional[int] = ..., forwarded: _Optional[bool] = ..., epoch: _Optional[int] = ..., traceparent: _Optional[str] = ..., run: _Optional[str] = ...) -> None: ...

class Answers(_message.Message):
    __slots__ = ("answers", "window")
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    WINDOW_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedCompositeFieldContainer[Answer]
    window: int
    def __init__(self, answers: _Optional[_Iterable[_Union[Answer, _Mapping]]] = ..., window: _Optional[int] = ...) -> None: ...

class Answer(_message.Message):
    __slots__ = ("number", "result", "failure")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    number: int
    result: bytes
    failure: bytes
    def __init__(self, number: _Optional[int] = ..., result: _Optional[bytes] = ..., failure: _Optional[bytes] = ...) -> None: ...
