"""Teams: people who are given roles in projects together."""

import uuid

from django.conf import settings
from django.db import models

from projects.models.membership import Role
from projects.models.project import Project


class TeamRole(models.TextChoices):
    MANAGER = "manager"
    """Says who is in the team. Each team has one at least."""
    MEMBER = "member"


class Team(models.Model):
    """People who work together. Known to its own members only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/teams/{self.id}/"


class TeamMembership(models.Model):
    """A person is in a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="team_memberships", db_index=False
    )
    role = models.CharField(max_length=10, choices=TeamRole.choices, default=TeamRole.MEMBER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="one_place_per_team")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.team}"


class TeamAccess(models.Model):
    """The role that a team has in a project: its members have at least this one. A team that is owner owns it."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="access", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="team_access")
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "project"], name="one_role_of_a_team_per_project")]

    def __str__(self) -> str:
        return f"{self.team} is {self.role} of {self.project}"
