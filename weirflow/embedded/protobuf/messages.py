"""The messages of the built-in kinds; numbers and names are those of the public schemas of Kubernetes."""

from __future__ import annotations

from weirflow.embedded.protobuf.reading import (
    BYTES,
    DOUBLE,
    FLAG,
    INT,
    JSON,
    MICRO_TIME,
    TEXT,
    TIME,
    Field,
    Message,
)

F = Field


def texts(*names: str) -> dict[int, Field]:
    """Texts numbered from 1."""
    return {number: F(name, TEXT) for number, name in enumerate(names, 1)}


OWNER = Message({
    1: F("kind", TEXT), 3: F("name", TEXT), 4: F("uid", TEXT), 5: F("apiVersion", TEXT),
    6: F("controller", FLAG, keep=True), 7: F("blockOwnerDeletion", FLAG, keep=True),
})  # fmt: skip
MANAGED = Message({
    1: F("manager", TEXT), 2: F("operation", TEXT), 3: F("apiVersion", TEXT), 4: F("time", TIME),
    6: F("fieldsType", TEXT), 7: F("fieldsV1", JSON), 8: F("subresource", TEXT),
})  # fmt: skip
METADATA = Message({
    1: F("name", TEXT), 2: F("generateName", TEXT), 3: F("namespace", TEXT), 5: F("uid", TEXT),
    6: F("resourceVersion", TEXT), 7: F("generation", INT), 8: F("creationTimestamp", TIME),
    9: F("deletionTimestamp", TIME), 10: F("deletionGracePeriodSeconds", INT), 11: F("labels", TEXT, by_key=True),
    12: F("annotations", TEXT, by_key=True), 13: F("ownerReferences", OWNER, many=True),
    14: F("finalizers", TEXT, many=True), 17: F("managedFields", MANAGED, many=True),
})  # fmt: skip
NAMESPACE_CONDITION = Message({
    1: F("type", TEXT), 2: F("status", TEXT), 4: F("lastTransitionTime", TIME), 5: F("reason", TEXT),
    6: F("message", TEXT),
})  # fmt: skip
REFERENCE = Message(texts("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"))

CONFIG_MAP = Message({
    1: F("metadata", METADATA), 2: F("data", TEXT, by_key=True), 3: F("binaryData", BYTES, by_key=True),
    4: F("immutable", FLAG, keep=True),
})  # fmt: skip
SECRET = Message({
    1: F("metadata", METADATA), 2: F("data", BYTES, by_key=True), 3: F("type", TEXT),
    4: F("stringData", TEXT, by_key=True), 5: F("immutable", FLAG, keep=True),
})  # fmt: skip
NAMESPACE = Message({
    1: F("metadata", METADATA),
    2: F("spec", Message({1: F("finalizers", TEXT, many=True)})),
    3: F("status", Message({1: F("phase", TEXT), 2: F("conditions", NAMESPACE_CONDITION, many=True)})),
})  # fmt: skip
LEASE = Message({
    1: F("metadata", METADATA),
    2: F("spec", Message({
        1: F("holderIdentity", TEXT, keep=True), 2: F("leaseDurationSeconds", INT, keep=True),
        3: F("acquireTime", MICRO_TIME), 4: F("renewTime", MICRO_TIME), 5: F("leaseTransitions", INT, keep=True),
    })),
})  # fmt: skip
EVENT = Message({
    1: F("metadata", METADATA), 2: F("involvedObject", REFERENCE), 3: F("reason", TEXT), 4: F("message", TEXT),
    5: F("source", Message(texts("component", "host"))), 6: F("firstTimestamp", TIME), 7: F("lastTimestamp", TIME),
    8: F("count", INT), 9: F("type", TEXT), 10: F("eventTime", MICRO_TIME),
    11: F("series", Message({1: F("count", INT), 2: F("lastObservedTime", MICRO_TIME)})), 12: F("action", TEXT),
    13: F("related", REFERENCE), 14: F("reportingComponent", TEXT), 15: F("reportingInstance", TEXT),
})  # fmt: skip

SCHEMA = Message()
EITHER = Message({1: F("allows", FLAG, keep=True), 2: F("schema", SCHEMA, keep=True)}, bare=True)
ITEMS = Message({1: F("schema", SCHEMA, keep=True)}, bare=True)
SCHEMA.fields = {
    1: F("id", TEXT), 2: F("$schema", TEXT), 3: F("$ref", TEXT), 4: F("description", TEXT), 5: F("type", TEXT),
    6: F("format", TEXT), 7: F("title", TEXT), 8: F("default", JSON, keep=True), 9: F("maximum", DOUBLE, keep=True),
    10: F("exclusiveMaximum", FLAG), 11: F("minimum", DOUBLE, keep=True), 12: F("exclusiveMinimum", FLAG),
    13: F("maxLength", INT, keep=True), 14: F("minLength", INT, keep=True), 15: F("pattern", TEXT),
    16: F("maxItems", INT, keep=True), 17: F("minItems", INT, keep=True), 18: F("uniqueItems", FLAG),
    19: F("multipleOf", DOUBLE, keep=True), 20: F("enum", JSON, many=True), 21: F("maxProperties", INT, keep=True),
    22: F("minProperties", INT, keep=True), 23: F("required", TEXT, many=True), 24: F("items", ITEMS),
    25: F("allOf", SCHEMA, many=True), 26: F("oneOf", SCHEMA, many=True), 27: F("anyOf", SCHEMA, many=True),
    28: F("not", SCHEMA), 29: F("properties", SCHEMA, by_key=True), 30: F("additionalProperties", EITHER, keep=True),
    36: F("example", JSON), 37: F("nullable", FLAG), 38: F("x-kubernetes-preserve-unknown-fields", FLAG),
    39: F("x-kubernetes-embedded-resource", FLAG), 40: F("x-kubernetes-int-or-string", FLAG),
    41: F("x-kubernetes-list-map-keys", TEXT, many=True), 42: F("x-kubernetes-list-type", TEXT),
    43: F("x-kubernetes-map-type", TEXT),
}  # fmt: skip
COLUMN = Message({
    1: F("name", TEXT), 2: F("type", TEXT), 3: F("format", TEXT), 4: F("description", TEXT), 5: F("priority", INT),
    6: F("jsonPath", TEXT),
})  # fmt: skip
SUBRESOURCES = Message({
    1: F("status", Message(), keep=True),
    2: F("scale", Message(texts("specReplicasPath", "statusReplicasPath", "labelSelectorPath"))),
})  # fmt: skip
VERSION = Message({
    1: F("name", TEXT), 2: F("served", FLAG, keep=True), 3: F("storage", FLAG, keep=True),
    4: F("schema", Message({1: F("openAPIV3Schema", SCHEMA)})), 5: F("subresources", SUBRESOURCES),
    6: F("additionalPrinterColumns", COLUMN, many=True), 7: F("deprecated", FLAG), 8: F("deprecationWarning", TEXT),
})  # fmt: skip
NAMES = Message({
    1: F("plural", TEXT), 2: F("singular", TEXT), 3: F("shortNames", TEXT, many=True), 4: F("kind", TEXT),
    5: F("listKind", TEXT), 6: F("categories", TEXT, many=True),
})  # fmt: skip
DEFINITION = Message({
    1: F("metadata", METADATA),
    2: F("spec", Message({
        1: F("group", TEXT), 3: F("names", NAMES), 4: F("scope", TEXT), 7: F("versions", VERSION, many=True),
        9: F("conversion", Message({1: F("strategy", TEXT)})), 10: F("preserveUnknownFields", FLAG),
    })),
    3: F("status", Message({
        1: F("conditions", Message({
            1: F("type", TEXT), 2: F("status", TEXT), 3: F("lastTransitionTime", TIME), 4: F("reason", TEXT),
            5: F("message", TEXT),
        }), many=True),
        2: F("acceptedNames", NAMES), 3: F("storedVersions", TEXT, many=True),
    })),
})  # fmt: skip
ATTRIBUTES = {
    1: F("resourceAttributes", Message(
        texts("namespace", "verb", "group", "version", "resource", "subresource", "name")
    )),
    2: F("nonResourceAttributes", Message(texts("path", "verb"))),
}  # fmt: skip
ACCESS_REVIEW = Message({1: F("metadata", METADATA), 2: F("spec", Message(ATTRIBUTES))})
SUBJECT_REVIEW = Message({
    1: F("metadata", METADATA),
    2: F("spec", Message({**ATTRIBUTES, 3: F("user", TEXT), 4: F("groups", TEXT, many=True)})),
})  # fmt: skip
SELF_REVIEW = Message({1: F("metadata", METADATA)})
RULES_REVIEW = Message({1: F("metadata", METADATA), 2: F("spec", Message({1: F("namespace", TEXT)}))})
DELETE_OPTIONS = Message({
    1: F("gracePeriodSeconds", INT, keep=True),
    2: F("preconditions", Message({1: F("uid", TEXT), 2: F("resourceVersion", TEXT)})),
    3: F("orphanDependents", FLAG, keep=True), 4: F("propagationPolicy", TEXT), 5: F("dryRun", TEXT, many=True),
})  # fmt: skip

MESSAGES = {
    "ConfigMap": CONFIG_MAP,
    "Secret": SECRET,
    "Namespace": NAMESPACE,
    "Lease": LEASE,
    "Event": EVENT,
    "CustomResourceDefinition": DEFINITION,
    "SelfSubjectAccessReview": ACCESS_REVIEW,
    "SelfSubjectRulesReview": RULES_REVIEW,
    "SubjectAccessReview": SUBJECT_REVIEW,
    "SelfSubjectReview": SELF_REVIEW,
    "DeleteOptions": DELETE_OPTIONS,
}
"""By kind."""
