from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class MessageRequest(_message.Message):
    __slots__ = ("ID", "From", "To", "Payload", "EdgeID")
    ID_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    EDGEID_FIELD_NUMBER: _ClassVar[int]
    ID: str
    From: str
    To: str
    Payload: bytes
    EdgeID: str
    def __init__(self, ID: _Optional[str] = ..., From: _Optional[str] = ..., To: _Optional[str] = ..., Payload: _Optional[bytes] = ..., EdgeID: _Optional[str] = ...) -> None: ...

class MessageResponse(_message.Message):
    __slots__ = ("Data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    Data: bytes
    def __init__(self, Data: _Optional[bytes] = ...) -> None: ...
