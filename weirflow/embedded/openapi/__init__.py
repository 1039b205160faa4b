"""What is served, as OpenAPI: version 3 and version 2, the latter in JSON and protobuf.

`kinds` are the schemas of the built-in kinds, `definitions` the named schemas of all that is served, `paths` the
operations on it, `documents` puts them together, and `protobuf` writes version 2 as the bytes that kubectl asks for.
"""
