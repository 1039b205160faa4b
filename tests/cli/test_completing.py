"""What shells complete, as they do it: the Tab key is pressed in real ones."""

from pathlib import Path

import pytest

from tests.cli.completing import completed

SHELLS = ("bash", pytest.param("zsh", marks=pytest.mark.shells), pytest.param("fish", marks=pytest.mark.shells))
ODD = "It's: so $HOME, x=1"
TYPED = {
    "compl": ["completion"],
    r"run Each\ s": ["run", "Each second"],
    "run It": ["run", ODD],
    r"run It\'s:": ["run", ODD],
    'run "It': ["run", ODD],
    "run 'Ea": ["run", "Each second"],
    "schema x --package=ti": ["schema", "x", "--package=tides"],
    "run --kubeconfig=te": ["run", "--kubeconfig=team.yaml"],
    # Nobody is there to ask.
    "schema st": ["schema", "st"],
}


@pytest.mark.parametrize("shell", SHELLS)
def test_names_come_as_they_are_whatever_is_in_them(shell: str, tmp_path: Path) -> None:
    for name in ("tides", "Each second", ODD):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "team.yaml").touch()
    found = completed(shell, tmp_path, *TYPED, WEIRFLOW_HOME="nowhere")
    assert dict(zip(TYPED, found, strict=True)) == TYPED
