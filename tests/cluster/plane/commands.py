"""How each program of the control plane is started."""

from pathlib import Path

from tests.cluster.plane.binaries import find


def etcd(home: Path, ports: dict[str, int]) -> list[str]:
    """One member that only the API server may talk to: it asks for a certificate of ours."""
    clients, peers = f"https://127.0.0.1:{ports['etcd']}", f"http://127.0.0.1:{ports['etcd-peers']}"
    return [
        str(find("etcd")),
        f"--data-dir={home / 'etcd'}",
        "--name=weirflow",
        f"--listen-client-urls={clients}",
        f"--advertise-client-urls={clients}",
        f"--listen-peer-urls={peers}",
        f"--initial-advertise-peer-urls={peers}",
        f"--initial-cluster=weirflow={peers}",
        f"--cert-file={home / 'plane.crt'}",
        f"--key-file={home / 'plane.key'}",
        "--client-cert-auth",
        f"--trusted-ca-file={home / 'ca.crt'}",
        "--log-level=warn",
    ]


def server(home: Path, ports: dict[str, int]) -> list[str]:
    """The API server, with RBAC and without what only machines that run pods need."""
    return [
        str(find("kube-apiserver")),
        f"--etcd-servers=https://127.0.0.1:{ports['etcd']}",
        f"--etcd-cafile={home / 'ca.crt'}",
        f"--etcd-certfile={home / 'plane.crt'}",
        f"--etcd-keyfile={home / 'plane.key'}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        f"--secure-port={ports['server']}",
        f"--tls-cert-file={home / 'plane.crt'}",
        f"--tls-private-key-file={home / 'plane.key'}",
        f"--client-ca-file={home / 'ca.crt'}",
        f"--cert-dir={home}",
        "--authorization-mode=RBAC",
        f"--token-auth-file={home / 'tokens.csv'}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={home / 'accounts.key'}",
        f"--service-account-signing-key-file={home / 'accounts.key'}",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--disable-admission-plugins=ServiceAccount",
    ]


def controllers(home: Path, ports: dict[str, int], kubeconfig: Path) -> list[str]:
    """What removes the content of deleted namespaces and whatever has lost its owners."""
    return [
        str(find("kube-controller-manager")),
        f"--kubeconfig={kubeconfig}",
        "--controllers=garbagecollector,namespace",
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
        f"--secure-port={ports['controllers']}",
        f"--cert-dir={home}",
    ]
