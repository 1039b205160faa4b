"""A module whose one component has a field of every keyword: its form needs no frontend code of its own."""

from __future__ import annotations

from typing import Any, Literal

from weirflow import Button, Component, Context, Field, Model, Module, Result, button, input

ZONES = Literal[
    "Africa/Cairo", "Africa/Lagos", "Africa/Nairobi", "America/Bogota", "America/Chicago", "America/Denver",
    "America/Lima", "America/New_York", "America/Toronto", "Asia/Dubai", "Asia/Kolkata", "Asia/Manila", "Asia/Seoul",
    "Asia/Tokyo", "Australia/Perth", "Australia/Sydney", "Europe/Berlin", "Europe/London", "Europe/Madrid",
    "Europe/Paris", "Europe/Rome", "Europe/Vienna", "Pacific/Auckland", "UTC",
]  # fmt: skip


class Mail(Model):
    """By mail."""

    kind: Literal["mail"] = "mail"
    to: str = Field("", title="To", format="email")


class Call(Model):
    """By HTTP."""

    kind: Literal["call"] = "call"
    url: str = Field("", title="Address", format="uri")
    headers: dict[str, str] = Field(default_factory=dict, title="Headers", max_length=20)


class Limits(Model):
    """A group in the form."""

    per_second: int = Field(100, title="Per second", ge=1, le=10_000, step=10)
    burst: int | None = Field(None, title="Burst", description="Empty: as many as come")


class Route(Model):
    """One row of a table."""

    path: str = Field("/", title="Path", pattern="^/", max_length=200)
    method: Literal["GET", "POST"] = Field("GET", title="Method")
    weight: int = Field(1, title="Weight", ge=0, align="right")


class Keywords(Component):
    """Does nothing, and can be set in every way."""

    title, category = "Every keyword", "Test"

    class Settings(Model):
        name: str = Field("", title="Name", max_length=40, examples=["orders"], description="One line of text")
        note: str = Field("", title="Note", format="textarea")
        mail: str = Field("ops@example.org", title="Mail", format="email", col_span=6)
        host: str = Field("db.example.org", title="Host", format="hostname", col_span=6)
        count: int = Field(5, title="Count", ge=0, le=100, step=5)
        share: float = Field(0.5, title="Share", gt=0, lt=1, multiple_of=0.01, align="right")
        total: int = Field(7, title="Total", class_name="total", align="right")
        active: bool = Field(True, title="Active")
        boxed: bool = Field(False, title="Boxed", format="checkbox")
        strict: bool | None = Field(None, title="Strict")
        mode: Literal["cron", "at", "off"] = Field(
            "off", title="Mode", enum_titles=["Again and again", "Once", "Never"]
        )
        cron: str = Field("", title="Cron", required_when=("mode", "equal", "cron"))
        start_at: str | None = Field(None, title="Start", format="date-time")
        level: Literal["low", "high"] = Field("low", title="Level", format="radiobox")
        zone: ZONES = Field("UTC", title="Time zone")
        days: list[Literal["Mon", "Tue", "Wed"]] = Field(default_factory=list, title="Days", unique_items=True)
        tags: list[str] = Field(default_factory=list, title="Tags", max_length=5)
        labels: dict[str, str] = Field(default_factory=dict, title="Labels")
        limits: Limits = Field(default_factory=Limits, title="Limits")
        routes: list[Route] = Field(default_factory=list, title="Routes", table_mode=True, tab="Routes")
        notify: Mail | Call = Field(default_factory=Mail, title="Notify", discriminator="kind", tab="Routes")
        script: str = Field("", title="Script", format="code", language="python", tab="Texts")
        about: str = Field("*Hello*", title="About", format="markdown", tab="Texts")
        body: Any = Field(None, title="Body", tab="Texts")
        raw: dict[str, Any] = Field(default_factory=dict, title="Raw", format="json", tab="Texts")
        on: str = Field("2026-01-31", title="On", format="date", tab="Looks")
        every: str = Field("PT1M30S", title="Every", format="duration", tab="Looks")
        tint: str = Field("#1d70b8", title="Tint", format="color", tab="Looks")
        logo: str = Field("", title="Logo", format="base64", tab="Looks")
        token: str = Field("", title="Token", secret=True, tab="Looks")
        answer: str = Field("", title="Answer", write_only=True, tab="Looks")
        seen: str = Field("", title="Seen", readonly=True, tab="Looks")

    class Control(Model):
        seen: str = Field(title="Seen", readonly=True)
        reset: Button = button("Reset")
        purge: Button = button(
            "Purge all that waits for https://orders.example.org/of/a/house/that/likes/long/addresses"
        )

    class Message(Model):
        context: Any = Field(None, title="Message", configurable=True, id="anything")

    def control(self) -> Control:
        return self.Control(seen="just now")

    @input("in")
    async def take(self, ctx: Context, message: Message) -> Result:
        return None


module = Module("keywords-v1", "0.1.0", [Keywords])
