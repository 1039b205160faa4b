"""What a host is told by its environment, and what it says of what it cannot understand."""

import pytest

from weirflow.kube.lease import LeaseTimes
from weirflow.runtime.options import HostOptions, OptionError


def test_the_times_of_leases_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert HostOptions.from_environment().lease == LeaseTimes(15, 10, 2)
    monkeypatch.setenv("WEIRFLOW_LEASE_SECONDS", "6,4,0.8")
    assert HostOptions.from_environment().lease == LeaseTimes(6, 4, 0.8)


def test_an_operator_says_what_no_flow_may_call_and_what_all_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_OUTBOUND_ALLOW", "intranet.example:443, 10.1.0.0/16")
    monkeypatch.setenv("WEIRFLOW_OUTBOUND_DENY", "loopback,*.secret.example")
    rules = HostOptions.from_environment().outbound
    assert [entry.text for entry in rules.operator_allow] == ["intranet.example:443", "10.1.0.0/16"]
    assert [entry.text for entry in rules.operator_deny] == ["loopback", "*.secret.example"]
    monkeypatch.setenv("WEIRFLOW_OUTBOUND_DENY", "http://x")
    with pytest.raises(OptionError, match="WEIRFLOW_OUTBOUND_DENY has an entry that cannot be understood"):
        HostOptions.from_environment()


@pytest.mark.parametrize(
    "text", ["15", "15,10", "a,b,c", "10,15,2", "10,10,2", "15,10,0", "15,4,2", "0.5,0.4,0.1", "nan,1,1"]
)
def test_times_under_which_two_could_lead_are_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("WEIRFLOW_LEASE_SECONDS", text)
    with pytest.raises(OptionError, match="WEIRFLOW_LEASE_SECONDS"):
        HostOptions.from_environment()
