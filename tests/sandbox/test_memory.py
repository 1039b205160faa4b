"""How much memory code may have on a host: what its operator says, else half of the machine."""

from __future__ import annotations

import pytest

from weirflow.sandbox import memory


def test_it_is_half_of_the_machine_and_enough_to_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_of_the_machine", lambda: 8 << 30)
    assert memory.memory_for_code({}) == 4 << 30
    monkeypatch.setattr(memory, "_of_the_machine", lambda: 512 << 20)
    assert memory.memory_for_code({}) == 1 << 30


def test_the_operator_says_otherwise() -> None:
    assert memory.memory_for_code({"WEIRFLOW_CODE_MEMORY": "300"}) == 300 << 20
    for text in ("63", "2 GiB", "-1", "99999999999"):
        with pytest.raises(ValueError, match="must be a number of MiB"):
            memory.memory_for_code({"WEIRFLOW_CODE_MEMORY": text})
