"""Secrets that the database holds: sealed with the data keys, so that a copy of the database alone opens nothing.

Each purpose has keys of its own, derived from the data keys: what was sealed for one cannot be passed off as another's.
`manage.py rotate_keys` seals everything anew: the fields of type `SealedTextField` by itself, whatever else by the
function that `kept_by` was given.
"""

import base64
import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Cast

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

Renew = Callable[[str], str]
"""Seals anew what it is given sealed."""
Keeper = Callable[[Renew], int]
"""Has everything that it keeps sealed anew, in pieces; answers how many there were."""

_keepers: dict[str, Keeper] = {}


class SecretLostError(Exception):
    """What is stored was not sealed with a key that is known here, or not for this purpose."""


def seal(text: str, purpose: str) -> str:
    """`text` sealed, as ASCII; sealing it again gives another one. `purpose`: where it is kept, as `oidc.client`."""
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The text. Raises `SecretLostError`, which names the purpose and neither text nor key."""
    from cryptography.fernet import InvalidToken

    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        message = f"A secret of {purpose} cannot be opened with the data keys that are known: restore the lost key."
        raise SecretLostError(message) from error


def renewed(sealed: str, purpose: str) -> str:
    """The same secret, sealed with the key in use. Raises `SecretLostError`."""
    return seal(unseal(sealed, purpose), purpose)


def digest(token: str) -> str:
    """What is stored of a token in its place, 64 hex digits. Only for tokens of 128 random bits and more: others could
    be guessed, and need a password hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def kept_by(purpose: str, keeper: Keeper) -> None:
    """Registers, in `AppConfig.ready`, who seals the secrets of a purpose anew."""
    _keepers[purpose] = keeper


def renew_all() -> dict[str, int]:
    """Seal everything with the key in use; by purpose, how many there were. May be repeated at any time."""
    done = {purpose: keeper(lambda sealed, p=purpose: renewed(sealed, p)) for purpose, keeper in _keepers.items()}  # type: ignore[misc]
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedTextField):
                done[field.purpose] = field.renew_all()
    return done


class SealedTextField(models.TextField):
    """A text that only the database holds sealed. It cannot be searched for. Empty stays empty."""

    @property
    def purpose(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return unseal(value, self.purpose) if value else value

    def get_prep_value(self, value: Any) -> Any:
        return seal(str(value), self.purpose) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """None but whether there is one: two seals of one text differ."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def renew_all(self) -> int:
        """Seal every row's anew, one short write each."""
        rows = self.model._default_manager.exclude(**{f"{self.name}__isnull": True})
        count = 0
        for pk in rows.values_list("pk", flat=True).iterator():
            sealed = self._stored(pk)
            if sealed:
                # Only where it is still the one that was read: an edit meanwhile has used the new key itself.
                self._replace(pk, sealed, renewed(sealed, self.purpose))
                count += 1
        return count

    def _stored(self, pk: Any) -> str:
        raw = Cast(self.name, models.TextField())
        return self.model._default_manager.annotate(_raw=raw).values_list("_raw", flat=True).filter(pk=pk).first() or ""

    def _replace(self, pk: Any, old: str, new: str) -> None:
        raw = Cast(self.name, models.TextField())
        value = models.Value(new, output_field=models.TextField())
        self.model._default_manager.annotate(_raw=raw).filter(pk=pk, _raw=old).update(**{self.name: value})


def _box(purpose: str) -> "MultiFernet":
    return _boxes(purpose, tuple(settings.WEIRFLOW_DATA_KEYS))


@lru_cache(maxsize=64)
def _boxes(purpose: str, keys: tuple[str, ...]) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    def derived(key: str) -> bytes:
        made = HKDF(SHA256(), length=32, salt=None, info=f"weirflow secret: {purpose}".encode())
        return base64.urlsafe_b64encode(made.derive(key.encode()))

    return MultiFernet([Fernet(derived(key)) for key in keys])
