"""Which host runs which module, read from the modules' Leases."""

import time
from datetime import UTC, datetime

from weirflow.kube.resources import ANNOTATION_ADDRESS, Object

_SUFFIX = "-lock"
GRACE = 5.0
"""Seconds past its expiry before a Lease that was not renewed is taken for dead here."""


class Hosts:
    """Addresses of the leading hosts by module name."""

    def __init__(self) -> None:
        self._hosts: dict[str, tuple[str, float]] = {}

    def put(self, lease_name: str, obj: Object | None) -> bool:
        """Take in one Lease; True when an address changed."""
        if not lease_name.endswith(_SUFFIX):
            return False
        module = lease_name.removesuffix(_SUFFIX)
        spec = (obj or {}).get("spec") or {}
        before = self._hosts.get(module, ("", 0.0))[0]
        if obj is None or not spec.get("holderIdentity"):
            self._hosts.pop(module, None)
            return before != ""
        address = (obj["metadata"].get("annotations") or {}).get(ANNOTATION_ADDRESS, "")
        self._hosts[module] = (address, _expiry(spec))
        return before != address

    def address(self, module: str) -> str:
        """Where the module's host answers; empty when nobody leads it."""
        return self._hosts.get(module, ("", 0.0))[0]

    def available(self) -> set[str]:
        """The modules whose Lease is held and alive."""
        now = time.time()
        return {module for module, (_, expiry) in self._hosts.items() if expiry > now}


def _expiry(spec: Object) -> float:
    try:
        renewed = datetime.fromisoformat(str(spec.get("renewTime")).replace("Z", "+00:00"))
    except ValueError:
        return 0.0
    if renewed.tzinfo is None:
        renewed = renewed.replace(tzinfo=UTC)
    return renewed.timestamp() + float(spec.get("leaseDurationSeconds") or 15) + GRACE
