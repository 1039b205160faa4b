"""Weirflow: SDK and runtime for flows of components on Kubernetes."""
