"""When a schedule is due, and what becomes of runs that were missed."""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator

from modules.common.cron_times import CronTimes
from modules.zones import zone_of
from weirflow import Field, Model

#: So many missed runs are counted; of more the oldest are not looked at.
COUNTED = 1000


class CronSettings(Model):
    """When it is due, and what becomes of runs that were missed."""

    expression: str = Field(
        "0 * * * *",
        title="Expression",
        description="Minute, hour, day of the month, month, weekday",
        examples=["0 9 * * 1-5", "*/10 * * * *", "@daily"],
        max_length=200,
    )
    time_zone: str = Field(
        "UTC",
        title="Time zone",
        description="Its IANA name",
        examples=["Europe/Berlin", "America/New_York", "UTC"],
        max_length=100,
    )
    enabled: bool = Field(True, title="Enabled", description="Off: nothing is sent, and nothing is missed")
    missed: Literal["skip", "once", "all"] = Field(
        "skip",
        title="Missed runs",
        description="What becomes of runs that were due while nobody could send them",
        enum_titles=["Skip", "Run once", "Run all"],
    )
    max_missed: int = Field(
        10, ge=1, le=COUNTED, title="Most made up for", description="With Run all: the newest so many"
    )
    grace: int = Field(60, ge=0, le=86_400, title="Counts as on time", description="Seconds by which a run may be late")
    timeout: int = Field(
        300_000,
        ge=100,
        le=86_400_000,
        title="Timeout",
        description="Milliseconds that the flow behind may take for a run",
    )

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        return zone_of(name).key

    @field_validator("expression")
    @classmethod
    def _readable(cls, expression: str) -> str:
        CronTimes(expression, zone_of("UTC"))
        return expression
