"""What a host is told by its environment, and what it says of what it cannot understand."""

import pytest

from weirflow.kube.lease import LeaseTimes
from weirflow.runtime.options import HostOptions, OptionError


def test_the_times_of_leases_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert HostOptions.from_environment().lease == LeaseTimes(15, 10, 2)
    monkeypatch.setenv("WEIRFLOW_LEASE_SECONDS", "6,4,0.8")
    assert HostOptions.from_environment().lease == LeaseTimes(6, 4, 0.8)


@pytest.mark.parametrize(
    "text", ["15", "15,10", "a,b,c", "10,15,2", "10,10,2", "15,10,0", "15,4,2", "0.5,0.4,0.1", "nan,1,1"]
)
def test_times_under_which_two_could_lead_are_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("WEIRFLOW_LEASE_SECONDS", text)
    with pytest.raises(OptionError, match="WEIRFLOW_LEASE_SECONDS"):
        HostOptions.from_environment()
