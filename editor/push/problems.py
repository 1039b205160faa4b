"""Why a push did not work, in the words of the one who edits."""

from typing import Any

from weirflow.kube.errors import ApiError, Forbidden, Invalid, TooManyRequests, Unauthorized


def problem(code: str, message: str, node: str) -> dict[str, Any]:
    """A Problem of docs/protocols.md section 3."""
    return {"code": code, "message": message[:1000], "node": node}


def problem_of(error: Exception, node: str) -> dict[str, Any]:
    """The Problem for what the cluster answered to the push of ``node``."""
    match error:
        case Forbidden():
            return problem(
                "cluster_forbidden",
                f"The cluster does not let Weirflow write {node}: {error.message}. Give its account the role it needs.",
                node,
            )
        case Unauthorized():
            return problem(
                "cluster_unauthorized",
                "The cluster does not know Weirflow's token. Renew the kubeconfig of the web process.",
                node,
            )
        case Invalid():
            return problem("cluster_refused", f"The cluster refused {node}: {error.message}. Change the node.", node)
        case TooManyRequests():
            return problem("cluster_busy", f"The cluster asks to slow down; {node} is written a little later.", node)
        case ApiError():
            return problem("cluster_error", f"Writing {node} failed: {error.message}. It is tried again.", node)
    return problem("push_error", f"Writing {node} failed in Weirflow: {error!r}. It is tried again.", node)
