"""Whether the product on this machine is one person's: what module hosts are told about running code."""

import os
from collections.abc import Mapping

#: Each has others reach the editor, or is what several people need.
_FOR_OTHERS = ("WEIRFLOW_ALLOWED_HOSTS", "WEIRFLOW_DATABASE_URL", "WEIRFLOW_REDIS_URL", "WEIRFLOW_OIDC_URL")


def code_rule(environment: Mapping[str, str] = os.environ, *, remote: bool = False) -> dict[str, str]:
    """`WEIRFLOW_CODE` for module hosts: a weak sandbox will do where nobody but the machine's user writes code.

    What the environment says itself stays. With a `remote` cluster others may put code there.
    """
    reached = environment.get("WEIRFLOW_HOST", "127.0.0.1") not in ("", "127.0.0.1", "::1", "localhost")
    if environment.get("WEIRFLOW_CODE") or remote or reached or any(map(environment.get, _FOR_OTHERS)):
        return {}
    return {"WEIRFLOW_CODE": "weak"}
