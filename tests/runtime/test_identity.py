"""Under which name a host holds its Leases."""

from pathlib import Path

import pytest

from weirflow.runtime.identity import Identity


@pytest.fixture(autouse=True)
def outside_a_pod(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WEIRFLOW_IDENTITY", "KUBERNETES_SERVICE_HOST"):
        monkeypatch.delenv(name, raising=False)


def slots(*identities: Identity) -> list[str]:
    return [identity.name.rpartition("-")[2] for identity in identities]


def test_hosts_on_one_machine_have_different_names_and_the_same_again_after_a_restart(tmp_path: Path) -> None:
    first, second = Identity(tmp_path), Identity(tmp_path)
    assert slots(first, second) == ["0", "1"]
    first.release()
    assert slots(Identity(tmp_path)) == ["0"]


def test_of_several_that_start_together_each_keeps_its_own(tmp_path: Path) -> None:
    assert slots(Identity(tmp_path, 2), Identity(tmp_path, 0), Identity(tmp_path, 1)) == ["2", "0", "1"]


def test_a_slot_that_another_has_is_left_to_it(tmp_path: Path) -> None:
    assert slots(Identity(tmp_path, 1), Identity(tmp_path, 1)) == ["1", "0"]


def test_what_a_person_runs_takes_no_name_of_the_products_hosts(tmp_path: Path) -> None:
    product, by_hand = Identity(tmp_path), Identity(tmp_path, by_hand=True)
    another = Identity(tmp_path, by_hand=True)
    assert slots(product, by_hand, another) == ["0", "0", "1"]
    assert "-by-hand-" in by_hand.name
    assert "-by-hand-" not in product.name


def test_in_a_pod_it_is_the_pods_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("HOSTNAME", "modules-7f-abc")
    identity = Identity(tmp_path)
    assert (identity.name, identity.pod) == ("modules-7f-abc", "modules-7f-abc")


def test_a_chosen_name_goes_before_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_IDENTITY", "Lab 1")
    assert Identity(tmp_path).name == "lab-1"
