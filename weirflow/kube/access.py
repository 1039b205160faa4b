"""Asking a cluster what one may do there, before finding out by being refused."""

from weirflow.kube.resources import Object, Resource

ACCESS_REVIEW = Resource(
    "authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", namespaced=False
)


def attributes(verb: str, resource: Resource, subresource: str, name: str, namespace: str) -> Object:
    """What a review asks about; empty parts are left out, as the API wants it."""
    asked = {
        "verb": verb,
        "group": resource.group,
        "resource": resource.plural,
        "subresource": subresource,
        "name": name,
        "namespace": namespace if resource.namespaced else "",
    }
    return {key: value for key, value in asked.items() if value}
