import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.models.flow import Flow
from projects.models.page import WidgetPage
from projects.models.project import Project


class ShareLink(models.Model):
    """An address that shows one flow, or one page of a dashboard, to whoever has it (ADR 75). Of its token only the
    hash is kept: the address is shown once. A link that is revoked is deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="share_links")
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, null=True, default=None, related_name="share_links")
    page = models.ForeignKey(WidgetPage, on_delete=models.CASCADE, null=True, default=None, related_name="share_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(flow__isnull=True, page__isnull=False) | Q(flow__isnull=False, page__isnull=True),
                name="a_share_link_shows_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"share link of {self.flow or self.page}"
