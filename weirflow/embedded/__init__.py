"""The embedded cluster: a small Kubernetes API over SQLite, for one machine."""

from weirflow.embedded.cluster import EmbeddedCluster

__all__ = ["EmbeddedCluster"]
