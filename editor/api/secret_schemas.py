"""What the API says of secrets: names and places, and values on their way in alone."""

from ninja import Field
from pydantic import SecretStr

from editor.api.described import Schema


class SecretValueIn(Schema):
    """The value, which no answer will ever hold."""

    value: SecretStr = Field(..., max_length=32 * 1024)


class SecretIn(SecretValueIn):
    """A new secret: settings name it ``[[secret:name/key]]``."""

    name: str = Field(..., max_length=63, description="Lower-case letters and digits, dots and dashes between them")
    key: str = Field(..., max_length=63, description="Letters, digits, dots, dashes, underscores")


class SecretUseOut(Schema):
    """A node that uses it, or a wire into that node."""

    node: str
    title: str
    flow: str
    flow_name: str
    wire: bool


class NamedSecretOut(Schema):
    """A secret that flows name, with the first 20 places."""

    name: str
    key: str
    reference: str
    uses: list[SecretUseOut]
    use_count: int


class SecretOut(NamedSecretOut):
    """One that was made here. ``stored`` is false where it is not known that the cluster has taken a value."""

    id: str
    stored: bool
    changed: str
    changed_by: str


class StoredSecretOut(SecretOut):
    """One whose value was just stored. ``hidden`` is false for a value of fewer than 6 characters: it is hidden in
    fields that are marked secret, and not in logs, errors and messages."""

    hidden: bool


class SecretsOut(Schema):
    """``others`` are named in flows and were not made here: with kubectl, or not at all. ``project`` is the name of the
    TinyProject, with which a Secret is labelled to be one of this project."""

    project: str
    secrets: list[SecretOut]
    others: list[NamedSecretOut]


class SecretGoneOut(Schema):
    id: str
