from django.conf import settings
from django.db import models


class SignInLink(models.Model):
    """A link that signs one person in once. Only the token's hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, default=None)

    def __str__(self) -> str:
        return f"sign-in link of {self.user}"
