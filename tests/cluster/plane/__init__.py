"""A Kubernetes control plane on this machine: etcd, API server, and the controllers for owners and namespaces."""

from tests.cluster.plane.plane import CONTROLLERS, ETCD, SERVER, ControlPlane

__all__ = ["CONTROLLERS", "ETCD", "SERVER", "ControlPlane"]
