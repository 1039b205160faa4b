import uuid

from django.conf import settings
from django.db import models

from projects.models.project import Project


class ApiToken(models.Model):
    """A word by which a program acts for its owner, within what it was made for. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)
    """The beginning of the token, by which its owner knows it again."""
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=60)
    """Verbs of `projects.permissions`, with spaces between."""
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, default=None, related_name="api_tokens")
    """The only project that it is good for; None: all that its owner has."""
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [models.Index(fields=["expires"], name="token_expires")]

    def __str__(self) -> str:
        return f"token {self.prefix} of {self.owner}"

    @property
    def verbs(self) -> list[str]:
        return self.scopes.split()
