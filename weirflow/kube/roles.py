"""Who may do what on a cluster that is not the embedded one, as RBAC objects (docs/protocols.md, section 2)."""

from weirflow.kube.resources import LINK_SECRET, MANAGED_BY, TINY_GROUP, Object, Resource

RBAC = "rbac.authorization.k8s.io"
ACCOUNT = Resource("", "v1", "serviceaccounts", "ServiceAccount")
ROLE = Resource(RBAC, "v1", "roles", "Role")
ROLE_BINDING = Resource(RBAC, "v1", "rolebindings", "RoleBinding")
CLUSTER_ROLE = Resource(RBAC, "v1", "clusterroles", "ClusterRole", namespaced=False)
CLUSTER_ROLE_BINDING = Resource(RBAC, "v1", "clusterrolebindings", "ClusterRoleBinding", namespaced=False)

WEB, MODULES = "weirflow-web", "weirflow-modules"
DEFINITIONS_ROLE = "weirflow-definitions"
READ = ("get", "list", "watch")
WRITE = ("create", "update", "patch", "delete")
DOCUMENTS = ("tinyprojects", "tinyflows", "tinynodes", "tinysignals", "tinyscenarios", "tinywidgetpages")
STATUS = ("get", "update", "patch")


def _rule(group: str, resources: tuple[str, ...], verbs: tuple[str, ...], names: tuple[str, ...] = ()) -> Object:
    rule: Object = {"apiGroups": [group], "resources": list(resources), "verbs": list(verbs)}
    return {**rule, "resourceNames": list(names)} if names else rule


WEB_RULES = [
    _rule(TINY_GROUP, ("*",), READ),
    _rule(TINY_GROUP, DOCUMENTS, WRITE),
    # RBAC cannot look into an object: that web writes a node's status only to restore it is left to web.
    _rule(TINY_GROUP, ("tinynodes/status", "tinysignals/status"), STATUS),
    _rule("coordination.k8s.io", ("leases",), READ),
    _rule("", ("events",), READ),
    _rule("", ("secrets",), ("get",), (LINK_SECRET,)),
    # Those of projects, of which web reads none: a right to patch would be one to read, by the answer (ADR 104).
    _rule("", ("secrets",), ("create", "update", "delete")),
    # Telemetry of hosts that web cannot reach itself. RBAC knows no ports of pods: the link's key guards the others.
    _rule("", ("pods/proxy",), ("get",)),
]
MODULES_RULES = [
    _rule(TINY_GROUP, ("*",), READ),
    _rule(TINY_GROUP, ("tinymodules",), WRITE),
    _rule(TINY_GROUP, ("tinymodules/status", "tinynodes/status", "tinysignals/status"), STATUS),
    _rule(TINY_GROUP, ("tinysignals",), ("delete",)),
    _rule(TINY_GROUP, ("tinybatches",), ("create", "delete")),
    _rule("coordination.k8s.io", ("leases",), READ + WRITE),
    _rule("", ("events",), ("create", "patch")),
    _rule("", ("secrets", "configmaps"), READ),
]
DEFINITIONS_RULES = [
    _rule("apiextensions.k8s.io", ("customresourcedefinitions",), READ),
    _rule("", ("namespaces",), READ),
]


def objects(namespace: str) -> list[tuple[Resource, Object]]:
    """Accounts, roles and bindings of one namespace, in the order in which they are made."""
    reader = f"{DEFINITIONS_ROLE}-{namespace}"
    role = CLUSTER_ROLE.new(DEFINITIONS_ROLE, rules=DEFINITIONS_RULES)
    made = [
        (ACCOUNT, ACCOUNT.new(WEB)),
        (ACCOUNT, ACCOUNT.new(MODULES)),
        (CLUSTER_ROLE, role),
        (CLUSTER_ROLE_BINDING, _binding(CLUSTER_ROLE_BINDING, reader, role, namespace, WEB, MODULES)),
    ]
    for name, rules in ((WEB, WEB_RULES), (MODULES, MODULES_RULES)):
        role = ROLE.new(name, rules=rules)
        made += [(ROLE, role), (ROLE_BINDING, _binding(ROLE_BINDING, name, role, namespace, name))]
    for _, one in made:
        one["metadata"]["labels"] = MANAGED_BY
    return made


def _binding(resource: Resource, name: str, role: Object, namespace: str, *accounts: str) -> Object:
    return resource.new(
        name,
        roleRef={"apiGroup": RBAC, "kind": role["kind"], "name": role["metadata"]["name"]},
        subjects=[{"kind": "ServiceAccount", "name": account, "namespace": namespace} for account in accounts],
    )
