"""What gRPC carries. The ``_pb2`` files are made from the ``.proto`` files beside them, in the project's root, by

    python -m grpc_tools.protoc -I . --python_out=. --pyi_out=. weirflow/transport/proto/*.proto

with grpcio-tools 1.85.1, whose protocol buffers are not newer than the pinned ones.
"""
