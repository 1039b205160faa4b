"""`manage.py doctor` finds what is wrong with a deployment, says what to do, and repeats no secret."""

from pathlib import Path

import pytest
from django.test import override_settings

from config.doctor import Finding, Level, code, examine, machine, mail, outbound, redis, web
from config.doctor import keys as keys_part
from config.doctor.finding import Said, ok
from config.env import env_list
from projects.models import Project
from tests.services.redis import Redis
from weirflow.sandbox import Walls
from weirflow.sandbox.rule import Rule

pytestmark = pytest.mark.server


def levels(said: "list[Said]") -> set[Level]:
    return {level for level, _, _ in said}


def test_a_part_that_hangs_or_breaks_is_a_finding_and_the_others_are_heard() -> None:
    import threading

    never = threading.Event()

    def hangs() -> "list[Said]":
        never.wait(20)
        return []

    def breaks() -> "list[Said]":
        raise RuntimeError("password=hunter2")

    try:
        found = examine({"slow": hangs, "broken": breaks, "well": lambda: [ok("fine")]}, seconds=0.5)
    finally:
        never.set()
    assert [(one.part, one.level) for one in found] == [
        ("slow", Level.ERROR), ("broken", Level.ERROR), ("well", Level.OK),
    ]  # fmt: skip
    assert "hunter2" not in str(found)
    assert all(isinstance(one, Finding) and (one.do or one.level is Level.OK) for one in found)


def test_plain_http_for_others_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_ALLOWED_HOSTS", "flows.example")
    assert env_list("WEIRFLOW_ALLOWED_HOSTS")
    assert "without https" in " ".join(what for level, what, _ in web.look() if level is Level.ERROR)
    with override_settings(HTTPS=True, TRUSTED_PROXIES=["127.0.0.1/32"], WEIRFLOW_HOST="127.0.0.1"):
        assert Level.ERROR not in {level for level, what, _ in web.look() if "front end" not in what}


def test_a_key_that_others_can_read_is_an_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    for name in ("secret_key", "data_keys"):
        (tmp_path / name).write_text("k" * 40)
        (tmp_path / name).chmod(0o600)
    with override_settings(WEIRFLOW_HOME=tmp_path, WEIRFLOW_KEYS_DIR=tmp_path):
        assert levels(list(keys_part.look())) == {Level.OK}
        (tmp_path / "data_keys").chmod(0o644)
        assert levels(list(keys_part.look())) == {Level.OK}, "nobody enters the folder"
        tmp_path.chmod(0o755)
        (said,) = [one for one in keys_part.look() if one[0] is Level.ERROR]
    assert said[2] == f"chmod go= {tmp_path / 'data_keys'}"


def test_a_redis_that_throws_out_and_one_that_is_away(redis_server: Redis) -> None:
    with override_settings(REDIS_URL=redis_server.url):
        assert levels(list(redis.look())) == {Level.OK}
        redis_server.run("CONFIG", "SET", "maxmemory", "100mb")
        redis_server.run("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
        try:
            assert any("noeviction" in do for level, _, do in redis.look() if level is Level.ERROR)
        finally:
            redis_server.kill()
        assert levels(list(redis.look())) == {Level.ERROR}


def test_a_mail_server_that_is_away() -> None:
    with override_settings(
        SENDS_MAIL=True, EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=1,
        EMAIL_HOST_PASSWORD="hunter2",
    ):  # fmt: skip
        said = list(mail.look())
    assert levels(said) == {Level.ERROR}
    assert "hunter2" not in str(said)


def test_the_sandbox_is_tried_and_what_it_lacks_is_named_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEIRFLOW_CODE", raising=False)
    (level, what, _), *more = code.look()
    assert (level, "seccomp" in what) == (Level.OK, True)
    assert all(level is Level.NOTE and do for level, _, do in more)
    weak = Walls(("limits", "own user"))
    for wanted, hosts, expected in (
        (Rule.SANDBOXED, "", Level.WARNING), (Rule.WEAK, "", Level.NOTE), (Rule.WEAK, "flows.example", Level.WARNING),
    ):  # fmt: skip
        monkeypatch.setenv("WEIRFLOW_ALLOWED_HOSTS", hosts)
        ((level, what, do),) = code._judged(weak, wanted)
        assert (level, "weak: limits, own user" in what) == (expected, True)
        assert all(way in do for way in code.GET.values())
    for text, expected in (("off", Level.NOTE), ("yes", Level.ERROR)):
        monkeypatch.setenv("WEIRFLOW_CODE", text)
        assert levels(list(code.look())) == {expected}


def test_how_far_flows_may_call_is_said(monkeypatch: pytest.MonkeyPatch, project: Project) -> None:
    monkeypatch.setenv("WEIRFLOW_ALLOWED_HOSTS", "flows.example")
    for name in ("WEIRFLOW_OUTBOUND_ALLOW", "WEIRFLOW_OUTBOUND_DENY"):
        monkeypatch.delenv(name, raising=False)
    assert [what for _, what, _ in outbound.look()] == [
        "Owners of projects may let flows call: loopback, metadata.",
        "No projects may call more than the internet, none only what is listed.",
    ]
    monkeypatch.setenv("WEIRFLOW_OUTBOUND_DENY", "metadata, Loopback")
    Project.objects.filter(pk=project.pk).update(outbound={"allow": ["db.corp", "http://"], "only": True})
    said = list(outbound.look())
    assert [level for level, _, _ in said] == [Level.WARNING, Level.OK]
    assert project.name in said[0][1]
    assert said[1][1] == "1 project may call more than the internet, 1 only what is listed."
    monkeypatch.setenv("WEIRFLOW_OUTBOUND_DENY", "http://")
    assert levels(list(outbound.look())) >= {Level.ERROR}


def test_files_of_projects_that_are_gone_are_named(tmp_path: Path, project: Project) -> None:
    for name in (project.resource_name, "gone-x7k2q", ".gone"):
        (tmp_path / "data" / name).mkdir(parents=True)
    with override_settings(WEIRFLOW_HOME=tmp_path):
        (what,) = [what for level, what, _ in machine.look() if level is Level.NOTE]
        assert what.endswith("does not know: gone-x7k2q.")
        (tmp_path / "data/gone-x7k2q").rmdir()
        assert Level.NOTE not in levels(list(machine.look()))
