"""What the database holds of a secret opens with the data keys alone, and goes over to a new key without being lost."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection, models

from projects import secrets_at_rest
from projects.secrets_at_rest import SealedTextField, SecretLostError, renew_all, seal, unseal

pytestmark = pytest.mark.both_databases
OLD, NEW = "o" * 40, "n" * 40


@pytest.fixture
def keys() -> Iterator[Callable[..., None]]:
    before = settings.WEIRFLOW_DATA_KEYS

    def use(*keys: str) -> None:
        settings.WEIRFLOW_DATA_KEYS = list(keys)

    use(OLD)
    yield use
    use(*before)


def test_a_secret_is_for_one_purpose(keys: Callable[..., None]) -> None:
    sealed = seal("s3cret", "mail.password")
    assert "s3cret" not in sealed
    assert unseal(sealed, "mail.password") == "s3cret"
    with pytest.raises(SecretLostError, match="oidc") as lost:
        unseal(sealed, "oidc.client")
    assert sealed not in str(lost.value)


def test_an_old_key_opens_until_it_is_dropped(keys: Callable[..., None]) -> None:
    sealed = seal("s3cret", "a")
    keys(NEW, OLD)
    assert unseal(sealed, "a") == "s3cret"
    renewed = secrets_at_rest.renewed(sealed, "a")
    keys(NEW)
    assert unseal(renewed, "a") == "s3cret"
    with pytest.raises(SecretLostError):
        unseal(sealed, "a")


@pytest.fixture
def vault(transactional_db: None) -> Iterator[type[models.Model]]:
    """A model with a sealed field, and its table."""
    from django.apps import apps

    class Vault(models.Model):
        secret = SealedTextField(null=True)

        class Meta:
            app_label = "projects"

    with connection.schema_editor() as editor:
        editor.create_model(Vault)
    yield Vault
    with connection.schema_editor() as editor:
        editor.delete_model(Vault)
    del apps.all_models["projects"]["vault"]
    apps.clear_cache()


def _stored(table: str) -> list[str | None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT secret FROM {table} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_a_field_is_sealed_in_the_database_alone_and_renewed(
    keys: Callable[..., None], vault: type[models.Model]
) -> None:
    rows = vault._default_manager
    for secret in ("first", "", None, "second"):
        rows.create(secret=secret)
    before = _stored("projects_vault")
    assert before[1:3] == ["", None]
    assert not {"first", "second"} & set(before)
    assert list(rows.order_by("pk").values_list("secret", flat=True)) == ["first", "", None, "second"]
    assert rows.filter(secret__isnull=True).count() == 1
    keys(NEW, OLD)
    assert renew_all()["projects.vault.secret"] == 2
    keys(NEW)
    assert list(rows.order_by("pk").values_list("secret", flat=True)) == ["first", "", None, "second"]
    assert set(before[::3]).isdisjoint(_stored("projects_vault"))


def test_whoever_keeps_secrets_elsewhere_is_asked_to_renew_them(
    keys: Callable[..., None], db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {"token": seal("s3cret", "mfa.totp")}
    monkeypatch.setattr(secrets_at_rest, "_keepers", {})

    def keeper(renew: secrets_at_rest.Renew) -> int:
        kept["token"] = renew(kept["token"])
        return 1

    secrets_at_rest.kept_by("mfa.totp", keeper)
    keys(NEW, OLD)
    assert renew_all()["mfa.totp"] == 1
    keys(NEW)
    assert unseal(kept["token"], "mfa.totp") == "s3cret"
