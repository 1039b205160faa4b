from django.conf import settings
from django.db import models


class SignedIn(models.Model):
    """Where a person is signed in: what the table of sessions does not tell, for the person's own page."""

    session_key = models.CharField(max_length=40, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="signed_in")
    address = models.GenericIPAddressField(null=True, default=None)
    agent = models.CharField(max_length=200, blank=True)
    """What the browser calls itself."""
    created = models.DateTimeField()
    last_seen = models.DateTimeField()

    def __str__(self) -> str:
        return f"session of {self.user}"
