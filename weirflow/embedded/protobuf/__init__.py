"""Request bodies in protobuf: current clients send those of the built-in kinds so. Answers are JSON, which all take."""

from weirflow.embedded.protobuf.envelope import PROTOBUF_TYPE, read_protobuf

__all__ = ["PROTOBUF_TYPE", "read_protobuf"]
