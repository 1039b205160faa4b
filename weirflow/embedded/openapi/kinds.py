"""Schemas of the built-in kinds and of what all kinds share, by the names other servers have for them."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

META = "io.k8s.apimachinery.pkg.apis.meta.v1"
OBJECT_META, LIST_META = f"{META}.ObjectMeta", f"{META}.ListMeta"
CORE = "io.k8s.api.core.v1"
EXTENSIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1"
PACKAGES = {
    "": CORE,
    "events.k8s.io": "io.k8s.api.events.v1",
    "coordination.k8s.io": "io.k8s.api.coordination.v1",
    "apiextensions.k8s.io": EXTENSIONS,
    "authorization.k8s.io": "io.k8s.api.authorization.v1",
}
"""Where the built-in kinds of a group are named."""


def text(description: str, **more: Any) -> Schema:
    return {"description": description, "type": "string", **more}


def number(description: str, size: str = "int32") -> Schema:
    return {"description": description, "type": "integer", "format": size}


def flag(description: str) -> Schema:
    return {"description": description, "type": "boolean"}


def texts(description: str, **more: Any) -> Schema:
    """A map of texts."""
    return {"description": description, "type": "object", "additionalProperties": {"type": "string", **more}}


def listed(description: str, item: Schema | None = None, **more: Any) -> Schema:
    return {"description": description, "type": "array", "items": item or {"type": "string"}, **more}


def moment(description: str) -> Schema:
    return text(description, format="date-time")


def by_key(name: str) -> Schema:
    """A list that is a map by one field."""
    return {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [name]}


def ref(name: str) -> Schema:
    """A reference to a named schema; the documents put their own prefix before it."""
    return {"$ref": name}


def struct(description: str, required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    made: Schema = {"description": description, "type": "object", "properties": properties}
    return {**made, "required": list(required)} if required else made


HEAD = {
    "apiVersion": text("The group and version of the object's schema."),
    "kind": text("The kind of the object."),
}

SHARED: dict[str, Schema] = {
    OBJECT_META: struct(
        "What every stored object has.",
        name=text("The object's name, which cannot change and is unique in its namespace."),
        generateName=text("A prefix that the server completes to a name, where none is given."),
        namespace=text("The space in which the name is unique."),
        selfLink=text("Not used any more."),
        uid=text("Of this object alone, of all that ever were."),
        resourceVersion=text("Changes with every write; to be compared for equality only."),
        generation=number("Counts the changes of what is desired.", "int64"),
        creationTimestamp=moment("When the object was made."),
        deletionTimestamp=moment("When its deletion was asked for; it goes once it has no finalizers."),
        deletionGracePeriodSeconds=number("How long the deletion may take.", "int64"),
        labels=texts("Texts to select objects by."),
        annotations=texts("Texts that nobody selects by."),
        ownerReferences=listed(
            "Objects this one belongs to; it goes when all of them have gone.",
            ref(f"{META}.OwnerReference"),
            **by_key("uid"),
        ),
        finalizers={**listed("Who has to agree before the object goes."), "x-kubernetes-list-type": "set"},
        managedFields=listed("Who set which field.", ref(f"{META}.ManagedFieldsEntry")),
    ),
    f"{META}.OwnerReference": {
        **struct(
            "An object that another belongs to.",
            ("apiVersion", "kind", "name", "uid"),
            apiVersion=text("The owner's group and version."),
            kind=text("The owner's kind."),
            name=text("The owner's name."),
            uid=text("The owner's uid."),
            controller=flag("Whether the owner is the one that manages the object."),
            blockOwnerDeletion=flag("Whether the owner's deletion in the foreground waits for the object."),
        ),
        "x-kubernetes-map-type": "atomic",
    },
    f"{META}.ManagedFieldsEntry": struct(
        "Fields that one manager has set.",
        manager=text("Who set them."),
        operation=text("Apply, or Update for all other writes."),
        apiVersion=text("The version the fields are written in."),
        time=moment("When the manager changed something last."),
        fieldsType=text("The form of the fields: FieldsV1."),
        fieldsV1={"description": "The fields, as a tree.", "type": "object"},
        subresource=text("The part of the object that was written."),
    ),
    LIST_META: struct(
        "What every list has.",
        (),
        **{"continue": text("The token by which the next page is read; empty on the last.")},
        resourceVersion=text("The state that the list shows."),
        remainingItemCount=number("How many more there are, as far as is known.", "int64"),
        selfLink=text("Not used any more."),
    ),
    f"{META}.Condition": struct(
        "One aspect of an object's state.",
        ("type", "status", "lastTransitionTime", "reason", "message"),
        type=text("Which aspect."),
        status=text("True, False or Unknown."),
        observedGeneration=number("The generation that was looked at.", "int64"),
        lastTransitionTime=moment("When the status changed last."),
        reason=text("Why, in one word."),
        message=text("Why, for people."),
    ),
}

REFERENCE = struct(
    "Which object is meant.",
    apiVersion=text("Its group and version."),
    kind=text("Its kind."),
    namespace=text("Its namespace."),
    name=text("Its name."),
    uid=text("Its uid."),
    resourceVersion=text("Its version."),
    fieldPath=text("A part of it."),
)
NAMES = struct(
    "How objects of the kind are called.",
    ("plural", "kind"),
    plural=text("Many of them, as in addresses."),
    singular=text("One of them, on the command line."),
    kind=text("In the objects themselves."),
    listKind=text("A list of them."),
    shortNames=listed("Short forms for the command line."),
    categories=listed("Groups of kinds the command line knows, such as all."),
)
ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}

BUILTIN: dict[str, tuple[str, dict[str, Schema]]] = {
    "ConfigMap": (
        "Configuration that is no secret.",
        {
            "data": texts("Texts by key."),
            "binaryData": texts("Bytes by key, in base64.", format="byte"),
            "immutable": flag("Whether the data may never change."),
        },
    ),
    "Secret": (
        "Configuration that is secret.",
        {
            "data": texts("Bytes by key, in base64.", format="byte"),
            "stringData": texts("Texts by key, which are merged into data; never read back."),
            "type": text("What kind of secret it is."),
            "immutable": flag("Whether the data may never change."),
        },
    ),
    "Event": (
        "Something that happened to an object.",
        {
            "involvedObject": REFERENCE,
            "related": REFERENCE,
            "reason": text("Why, in one word."),
            "message": text("What happened, for people."),
            "type": text("Normal or Warning."),
            "source": struct("Who reports.", component=text("Which program."), host=text("On which machine.")),
            "count": number("How often it happened."),
            "firstTimestamp": moment("When it happened first."),
            "lastTimestamp": moment("When it happened last."),
            "eventTime": moment("When it was seen first, to the microsecond."),
            "action": text("What was done about it."),
            "reportingComponent": text("Which program reports."),
            "reportingInstance": text("Which instance of it."),
            "series": struct(
                "How it goes on.", count=number("How often."), lastObservedTime=moment("When it was seen last.")
            ),
        },
    ),
    "Namespace": (
        "A space for names.",
        {
            "spec": struct("What is desired.", finalizers=listed("Who has to agree before the namespace goes.")),
            "status": struct(
                "What is.",
                phase=text("Active or Terminating."),
                conditions=listed("Aspects of its state.", ref(f"{META}.Condition")),
            ),
        },
    ),
    "Lease": (
        "Who holds something, and until when.",
        {
            "spec": struct(
                "What is desired.",
                holderIdentity=text("Who holds it."),
                leaseDurationSeconds=number("How long after its last renewal others have to wait."),
                acquireTime=moment("When it was taken."),
                renewTime=moment("When it was renewed last."),
                leaseTransitions=number("How often it has changed hands."),
            )
        },
    ),
    "CustomResourceDefinition": (
        "A kind of resource that the cluster serves.",
        {
            "spec": struct(
                "What is desired.",
                ("group", "names", "scope", "versions"),
                group=text("The group of the kind."),
                names=NAMES,
                scope=text("Namespaced or Cluster."),
                versions=listed("The versions of the kind.", {**ANYTHING, "description": "One version."}),
                conversion={**ANYTHING, "description": "How versions become each other."},
                preserveUnknownFields=flag("Not used any more."),
            ),
            "status": struct(
                "What is.",
                conditions=listed("Aspects of its state.", ref(f"{META}.Condition")),
                acceptedNames=NAMES,
                storedVersions=listed("Versions that objects have been stored in."),
            ),
        },
    ),
}
"""Fields of the built-in kinds, by kind, with what the kind is for."""
