"""The files of a project that was deleted go from the machine, and nothing else does."""

import os
import time
from pathlib import Path

import pytest

from tests.waiting import eventually
from weirflow.runtime.project_data import GRACE_SECONDS, ProjectData


class Machine:
    """A data folder with what lies in and around it, and the projects that the cluster has."""

    def __init__(self, root: Path) -> None:
        self.folder, self.outside = root / "data", root / "outside"
        self.projects: set[str] = set()
        self.data = ProjectData(self.folder, self.projects.__contains__)
        self.outside.mkdir()
        (self.outside / "theirs").write_text("stays")

    def add(self, project: str) -> Path:
        self.projects.add(project)
        self.data.seen(project, True)
        (self.folder / project / "sub").mkdir(parents=True)
        (self.folder / project / "sub" / "orders.db").write_text("rows")
        return self.folder / project

    def delete(self, project: str, *, days: float = 8) -> None:
        """It went so many days ago."""
        self.projects.discard(project)
        self.data.seen(project, False)
        then = time.time() - days * 86_400
        os.utime(self.folder / ".gone" / project, (then, then))

    def left(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("."))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_files_of_a_deleted_project_go_after_a_week(machine: Machine) -> None:
    machine.add("kept-a"), machine.add("gone-b"), machine.add("late-c")
    machine.delete("gone-b")
    machine.delete("late-c", days=6)
    machine.data.sweep()
    assert machine.left() == ["kept-a", "late-c"]
    assert (machine.folder / "kept-a/sub/orders.db").exists()
    assert [path.name for path in (machine.folder / ".gone").iterdir()] == ["late-c"]
    assert not list((machine.folder / ".leaving").iterdir())


def test_one_that_comes_back_keeps_them_and_its_week_begins_anew(machine: Machine) -> None:
    machine.add("back-a")
    machine.delete("back-a")
    machine.projects.add("back-a")
    machine.data.sweep()
    machine.data.seen("back-a", True)
    machine.projects.discard("back-a")
    machine.data.seen("back-a", False)
    machine.data.sweep()
    assert machine.left() == ["back-a"]
    since = (machine.folder / ".gone/back-a").stat().st_mtime
    assert since > time.time() - GRACE_SECONDS / 2


def test_what_was_never_seen_to_go_stays(machine: Machine) -> None:
    """Another cluster's, or somebody's own."""
    (machine.folder / "never-seen").mkdir(parents=True)
    machine.data.sweep()
    assert machine.left() == ["never-seen"]


def test_no_link_leads_out(machine: Machine) -> None:
    inside = machine.add("links-a")
    (inside / "away").symlink_to(machine.outside)
    (inside / "sub" / "file").symlink_to(machine.outside / "theirs")
    machine.folder.joinpath("linked-b").symlink_to(machine.outside)
    machine.projects.add("linked-b")
    for project in ("links-a", "linked-b"):
        machine.delete(project)
    machine.data.sweep()
    assert machine.left() == []
    assert (machine.outside / "theirs").read_text() == "stays"


@pytest.mark.parametrize("name", ["..", ".", ".gone", "../outside", "A", "", "a/b"])
def test_what_no_project_is_called_is_left_alone(machine: Machine, name: str) -> None:
    machine.add("kept-a")
    machine.data.seen(name, False)
    (machine.folder / ".gone").mkdir(exist_ok=True)
    if "/" not in name and name.strip("."):
        (machine.folder / ".gone" / name).touch()
        os.utime(machine.folder / ".gone" / name, (0, 0))
    machine.data.sweep()
    assert machine.left() == ["kept-a"]
    assert (machine.outside / "theirs").exists()


def test_what_was_half_removed_is_removed_by_the_next(machine: Machine) -> None:
    machine.add("half-a").rename(machine.folder / "moved")
    (machine.folder / ".leaving").mkdir()
    (machine.folder / "moved").rename(machine.folder / ".leaving" / "half-a-12345678")
    machine.data._ends.set()
    machine.data.sweep()
    assert list((machine.folder / ".leaving").iterdir())
    ProjectData(machine.folder, machine.projects.__contains__).sweep()
    assert not list((machine.folder / ".leaving").iterdir())


async def test_it_looks_when_a_host_starts_and_ends_with_it(machine: Machine) -> None:
    machine.add("gone-a")
    machine.delete("gone-a")
    machine.data.start()
    await eventually(lambda: not machine.left())
    await machine.data.stop()


def test_folders_that_are_nested_deeper_than_any_path_go_and_hold_up_no_other(machine: Machine) -> None:
    at = os.open(machine.add("deep-a"), os.O_RDONLY)
    for _ in range(1_500):
        os.mkdir("x", dir_fd=at)
        below = os.open("x", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.symlink(machine.outside, "out", dir_fd=at)
    os.close(at)
    machine.add("next-b")
    machine.delete("deep-a"), machine.delete("next-b")
    machine.data.sweep()
    assert (machine.left(), list((machine.folder / ".leaving").iterdir())) == ([], [])
    assert (machine.outside / "theirs").read_text() == "stays"
