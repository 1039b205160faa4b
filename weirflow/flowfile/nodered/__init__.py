"""Flows of Node-RED as flows of ours: what maps is mapped, what does not is kept with all it held (docs/export.md)."""

from weirflow.flowfile.nodered.reading import NodeRedNote, NodeRedResult, is_node_red, read_node_red

__all__ = ["NodeRedNote", "NodeRedResult", "is_node_red", "read_node_red"]
