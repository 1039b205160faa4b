"""Keys are replaced in steps, each of which leaves everybody able to read."""

from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import override_settings

from config import keys
from projects import secrets_at_rest
from projects.secrets_at_rest import SecretLostError, seal, unseal


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(secrets_at_rest, "_keepers", {})
    for name in ("WEIRFLOW_SECRET_KEYS", "WEIRFLOW_DATA_KEYS"):
        monkeypatch.delenv(name, raising=False)
    with override_settings(WEIRFLOW_KEYS_DIR=tmp_path, WEIRFLOW_DATA_KEYS=_known(tmp_path, "data_keys")):
        yield tmp_path


def _known(folder: Path, name: str) -> list[str]:
    return keys.values(keys.read(folder / name))


def rotate(*words: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *words, stdout=out)
    return out.getvalue()


def test_three_runs_replace_a_key_and_no_process_is_ever_without_one(db: None, folder: Path) -> None:
    stored = {"it": seal("s3cret", "mfa")}

    def keeper(renew: secrets_at_rest.Renew) -> int:
        stored["it"] = renew(stored["it"])
        return 1

    secrets_at_rest.kept_by("mfa", keeper)
    old = _known(folder, "data_keys")
    rotate()
    first = _known(folder, "data_keys")
    assert first[0] == old[0], "known before it is used"
    assert len(first) == len(_known(folder, "secret_key")) == 2

    assert "1 sealed anew: mfa" in rotate()
    second = _known(folder, "data_keys")
    assert second == [first[1], first[0]]
    with override_settings(WEIRFLOW_DATA_KEYS=first):
        assert unseal(stored["it"], "mfa") == "s3cret", "a process that was not started again reads it too"
        stored["it"] = seal("again", "mfa")

    assert "1 sealed anew: mfa" in rotate()
    assert _known(folder, "data_keys") == [first[1]]
    with override_settings(WEIRFLOW_DATA_KEYS=[first[1]]):
        assert unseal(stored["it"], "mfa") == "again"
    with override_settings(WEIRFLOW_DATA_KEYS=[first[0]]), pytest.raises(SecretLostError):
        unseal(stored["it"], "mfa")
    assert len(_known(folder, "secret_key")) == 2, "a session that the old one signed is taken as long as it lasts"
    assert "make a key" in rotate("--status")


def test_all_at_once_where_nothing_runs(db: None, folder: Path) -> None:
    before = _known(folder, "data_keys")
    assert "drop the old key" in rotate("--at-once")
    assert len(_known(folder, "data_keys")) == 1
    assert _known(folder, "data_keys") != before


def test_a_run_that_was_cut_short_is_repeated_whole(db: None, folder: Path) -> None:
    signing = folder / "secret_key"
    for step in (keys.coming, keys.promoted):
        keys.write(signing, step(keys.read(signing), date(2026, 1, 1)))
        rotate()
    assert _known(folder, "secret_key") == keys.values(keys.read(signing))
    assert [len(_known(folder, name)) for name in ("secret_key", "data_keys")] == [2, 2]


def test_what_the_environment_names_is_replaced_there(db: None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_DATA_KEYS", "k" * 40)
    with pytest.raises(CommandError, match="WEIRFLOW_DATA_KEYS") as refused:
        rotate()
    assert "k" * 40 not in str(refused.value)
    assert rotate("--seal") == ""


def test_keys_of_the_environment_come_before_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_DATA_KEYS", f"{'a' * 32},{'b' * 32}")
    assert keys.keys_from("WEIRFLOW_DATA_KEYS", folder / "data_keys") == ["a" * 32, "b" * 32]
    monkeypatch.setenv("WEIRFLOW_DATA_KEYS", "short")
    with pytest.raises(ImproperlyConfigured, match="WEIRFLOW_DATA_KEYS"):
        keys.keys_from("WEIRFLOW_DATA_KEYS", folder / "data_keys")


def test_a_file_that_was_spoilt_is_named_without_its_keys(folder: Path) -> None:
    path = folder / "data_keys"
    for text in (f"{'a' * 40} lost 2026-01-01\n", f"{'a' * 40} used\n{'b' * 40} used\n", f"{'a' * 40} coming\n"):
        path.write_text(text)
        with pytest.raises(ImproperlyConfigured, match="data_keys") as refused:
            keys.read(path)
        assert "a" * 40 not in str(refused.value)


def test_settings_have_a_signing_key_and_a_data_key() -> None:
    assert len(settings.SECRET_KEY) >= 32
    assert settings.WEIRFLOW_DATA_KEYS
    assert settings.SECRET_KEY not in settings.WEIRFLOW_DATA_KEYS
