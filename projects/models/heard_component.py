from django.db import models


class HeardComponent(models.Model):
    """A component that a module has announced once, and whether its settings hold a program (ADR 134).

    Of the whole installation: a process that has just started knows by these rows what it has not heard itself.
    """

    module = models.CharField(max_length=253)
    component = models.CharField(max_length=253)
    runs_code = models.BooleanField()
    """Once said is said: a row becomes true, and never false again."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["module", "component"], name="one_row_per_heard_component")]

    def __str__(self) -> str:
        return f"{self.module}/{self.component}"
