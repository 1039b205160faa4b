"""The settings of the HTTP client."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from modules.http.answers import ReadAs
from modules.http.calls import SendAs
from weirflow import Field, Model

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$")]


class ClientSettings(Model):
    """What is sent each time, and within which limits."""

    url: str = Field("", title="URL", description="With http:// or https://; a message may add to it", max_length=8_000)
    method: Method = Field("GET", title="Method", description="Unless the message has another")
    headers: dict[HeaderName, str] = Field(
        default_factory=dict, title="Headers", description="Sent each time; for secrets use the two fields below"
    )
    authorization: str = Field(
        "",
        title="Authorization",
        description="The whole header, such as Bearer and a token",
        secret=True,
        max_length=16_000,
    )
    api_key: str = Field("", title="API key", description="Sent in a header of its own", secret=True, max_length=8_000)
    api_key_header: HeaderName = Field("X-Api-Key", title="API key's header", description="Its name")
    send_as: SendAs = Field(
        "auto",
        title="Send body as",
        description="By itself: a text as text, anything else as JSON",
        enum_titles=["By itself", "JSON", "Form", "Form with files (multipart)", "Text", "Bytes (Base64)"],
    )
    read_as: ReadAs = Field(
        "auto",
        title="Read answers as",
        tab="Answers",
        description="By itself: JSON where it says so, else text, else Base64",
        enum_titles=["By itself", "Text", "Base64"],
    )
    statuses: Literal["errors", "ports", "messages"] = Field(
        "errors",
        title="Errors by status",
        tab="Answers",
        description="What becomes of answers with a status from 400 on",
        enum_titles=["Fail", "Leave by ports of their own", "Are answers like others"],
    )
    timeout: int = Field(
        30_000,
        ge=1,
        le=600_000,
        title="Timeout",
        tab="Limits",
        description="Milliseconds for all of it, redirects included",
    )
    connect_timeout: int = Field(
        10_000,
        ge=1,
        le=60_000,
        title="Timeout to connect",
        tab="Limits",
        description="Milliseconds until there is a connection",
    )
    max_redirects: int = Field(
        5,
        ge=0,
        le=20,
        title="Redirects",
        tab="Answers",
        description="Followed at most; 0: a redirect is the answer itself",
    )
    max_body: int = Field(
        4_194_304,
        ge=0,
        le=67_108_864,
        title="Largest answer",
        tab="Answers",
        description="Bytes; a larger one is an error",
    )
    max_in_flight: int = Field(
        100,
        ge=1,
        le=1000,
        title="Requests at once",
        tab="Limits",
        description="More wait for their turn, within their timeout",
    )
    operation_id: bool = Field(
        False,
        title="Send the operation's id",
        tab="Limits",
        description="As Idempotency-Key, the same when a message comes again",
    )
    verify: bool = Field(
        True, title="Verify TLS", tab="TLS", description="Off: any certificate is taken, also a forged one"
    )
    authority: str = Field(
        "",
        title="Authority",
        tab="TLS",
        description="Certificates (PEM) to trust beside those of the system",
        format="textarea",
        max_length=100_000,
        optional_when=("verify", "equal", False),
    )
