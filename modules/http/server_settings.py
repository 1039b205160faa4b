"""What an HTTP server answers, and to whom."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import StringConstraints, ValidationInfo, field_validator

from weirflow import Field, Model

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", max_length=100)]
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?")


class ServerSettings(Model):
    """What is answered, within which limits, and to pages of which origins."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "*"] = Field(
        "GET",
        title="Method",
        description="A GET is answered to HEAD too",
        enum_titles=["GET", "POST", "PUT", "PATCH", "DELETE", "Any"],
    )
    path: str = Field(
        "/",
        title="Path",
        description="Starts with /; {name} stands for one part and {rest*} for all that follow, found in params",
        pattern=r"^/[^\s?#]*$",
        max_length=500,
    )
    timeout: int = Field(
        30_000, ge=10, le=600_000, title="Timeout", description="Milliseconds until the client gets a 504"
    )
    max_body: int = Field(
        1_048_576, ge=0, le=16_777_216, title="Largest body", description="Bytes; a larger request gets a 413"
    )
    raw_body: bool = Field(False, title="Raw body", description="Put the bytes of the body into raw as well, as Base64")
    more_methods: list[Method] = Field(
        default_factory=list,
        title="More methods",
        description="Answered on the same path",
        max_length=7,
        unique_items=True,
    )
    cors: bool = Field(
        False, title="Other origins", description="Let pages of other origins call it (CORS)", tab="Browsers"
    )
    cors_origins: list[str] = Field(
        ["*"],
        title="Origins",
        description="Such as https://app.example.com; * is any",
        max_length=100,
        tab="Browsers",
    )
    cors_headers: list[HeaderName] = Field(
        ["Content-Type", "Authorization", "Idempotency-Key"],
        title="Request headers",
        description="Those that a page may send",
        max_length=100,
        tab="Browsers",
    )
    cors_exposed: list[HeaderName] = Field(
        default_factory=list,
        title="Response headers",
        description="Those that a page may read, beside the usual",
        max_length=100,
        tab="Browsers",
    )
    cors_credentials: bool = Field(
        False,
        title="Credentials",
        description="Let pages send cookies and credentials; name their origins then",
        tab="Browsers",
    )
    cors_max_age: int = Field(
        600,
        ge=0,
        le=86_400,
        title="Remembered for",
        description="Seconds that a browser need not ask again",
        tab="Browsers",
    )

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, origins: list[str]) -> list[str]:
        for origin in origins:
            if origin != "*" and not _ORIGIN.fullmatch(origin.lower()):
                raise ValueError(f"{origin!r} is no origin; write https://host, without a path, or *")
        return [origin.lower() for origin in origins]

    @field_validator("cors_credentials")
    @classmethod
    def _named(cls, credentials: bool, info: ValidationInfo) -> bool:
        if credentials and "*" in info.data.get("cors_origins", ()):
            raise ValueError("any page at all could act for its visitors; name the origins, or leave this off")
        return credentials
