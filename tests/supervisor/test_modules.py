"""Which modules the product serves."""

from pathlib import Path

from config.supervisor.product import ROOT, packages


def test_the_shipped_modules_are_served() -> None:
    assert {"modules.common", "modules.http"} <= set(packages(ROOT))


def test_a_folder_that_is_a_package_is_a_module(tmp_path: Path) -> None:
    for name in ("stats", "notes", "mail"):
        (tmp_path / "modules" / name).mkdir(parents=True)
    for name in ("stats", "mail"):
        (tmp_path / "modules" / name / "__init__.py").touch()
    (tmp_path / "modules" / "__init__.py").touch()
    assert packages(tmp_path) == ["modules.mail", "modules.stats"]
