"""Module hosts run code in a weak sandbox only where nobody else can write it."""

import pytest

from config.supervisor.alone import code_rule


def test_on_a_machine_of_ones_own_a_weak_sandbox_will_do() -> None:
    assert code_rule({}) == {"WEIRFLOW_CODE": "weak"}


@pytest.mark.parametrize(
    "environment",
    [
        {"WEIRFLOW_ALLOWED_HOSTS": "flows.example.org"},
        {"WEIRFLOW_DATABASE_URL": "postgresql://db/weirflow"},
        {"WEIRFLOW_REDIS_URL": "redis://cache"},
        {"WEIRFLOW_OIDC_URL": "https://login.example.org"},
        {"WEIRFLOW_HOST": "0.0.0.0"},
    ],
)
def test_where_others_reach_the_editor_it_will_not(environment: dict[str, str]) -> None:
    assert code_rule(environment) == {}


def test_with_a_cluster_of_others_it_will_not() -> None:
    assert code_rule({}, remote=True) == {}


def test_what_is_said_stays() -> None:
    assert code_rule({"WEIRFLOW_CODE": "off"}) == {}
