from django.conf import settings
from django.db import models


class Answered(models.Model):
    """What a request with an Idempotency-Key was answered, for who sends it again (ADR 89)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_hash = models.CharField(max_length=64, unique=True)
    """Of who asks, session or token, and their key."""
    request_hash = models.CharField(max_length=64)
    """Of method, address and body: another request under the same key is refused."""
    status = models.PositiveSmallIntegerField(null=True, default=None)
    """None while the first is under way."""
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["created"], name="answered_created")]

    def __str__(self) -> str:
        return f"{self.status} at {self.created}"
