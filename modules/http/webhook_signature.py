"""The check of a webhook's signature."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any, Literal

import orjson

from modules.http.passed import Memory, Passed, passes
from modules.http.signatures import Generic, Refused, Scheme, verify
from modules.off_loop import off_loop
from weirflow import (
    Component,
    Context,
    Fail,
    Field,
    Model,
    NotLeader,
    Port,
    Result,
    StateStore,
    input,
    output,
    stored,
)

#: The definition of what is passed on beside the body.
CONTEXT = "webhook-context"
#: So many of those that have passed outlive a restart: the newest.
KEPT = 2_000


class WebhookInput(Model):
    """A request."""

    raw: str | None = Field(
        None, title="Raw body", description="Base64 of the body, as HTTP Server has it in raw", configurable=True
    )
    headers: dict[str, Any] = Field(title="Headers", description="By lower-case name", configurable=True)
    context: Any = Field(None, title="Context", description="Passed on as it is", configurable=True, id=CONTEXT)


class ValidOutput(Model):
    """A request that is signed."""

    body: Any = Field(None, title="Body", description="Its value where it is JSON, else its text")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


class InvalidOutput(Model):
    """A request that is not to be trusted."""

    code: str = Field(title="Code", description="The kind of fault")
    reason: str = Field(title="Reason", description="For the log; tell the sender no more than that it is refused")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


class WebhookSignature(Component):
    """Lets a webhook pass only when it is signed by those who know the secret.

    Switch *Raw body* on in the HTTP Server, and map its `raw` and `headers` here: a signature is of the bytes that
    came. What is signed leaves by `valid`; all else by `invalid`, with a code, and is answered with a 401 unless the
    flow behind that port has another answer.

    GitHub, Stripe and Slack sign in their own ways, with HMAC-SHA256. *Another sender* is an HMAC in a header of your
    choice, of the body, or of `<time>.<body>` where a header has the time. An old secret may stay valid beside the new
    one while it is exchanged.

    **Replays.** Stripe, Slack, and others with a time are refused when that is too far from now. Within the replay
    window the same signature passes once; one whose flow has failed, or was cut off, may come again. The leading
    replica handles all of them and remembers 10,000 at most. The newest 2,000 are kept in the node's resource as well,
    before their senders are answered, so that a restart or another leader does not forget them; *Keep across restarts*
    off saves that write. GitHub signs no time: a delivery that is sent again by hand within the window is a replay.
    Without a replay window every replica checks for itself, and nothing is remembered.

    Codes at `invalid`: `body_missing`, `signature_missing`, `signature_wrong`, `timestamp_missing`,
    `timestamp_outside`, `replayed`. `invalid_base64` is a failure: what is mapped to `raw` is not what HTTP Server has
    there.
    """

    title = "Webhook Signature"
    category = "HTTP"
    icon = "shield"
    tags = ("github", "stripe", "slack", "hmac", "verify", "security")

    class Settings(Model):
        scheme: Scheme = Field(
            "github",
            title="Sender",
            description="Whose way of signing it is",
            enum_titles=["GitHub", "Stripe", "Slack", "Another sender"],
        )
        secret: str = Field(
            title="Secret",
            description="As the sender shows it, or as you gave it there",
            secret=True,
            min_length=1,
            max_length=10_000,
        )
        old_secret: str = Field(
            "",
            title="Old secret",
            description="Valid too, while the secret is being exchanged",
            secret=True,
            max_length=10_000,
        )
        tolerance: int = Field(
            300, ge=1, le=86_400, title="Tolerance", description="Seconds by which the signed time may be off"
        )
        replay_window: int = Field(
            300, ge=0, le=86_400, title="Replay window", description="Seconds; 0: the same request may pass again"
        )
        persistent: bool = Field(
            True,
            title="Keep across restarts",
            description="Off: what has passed is in the leader's memory only, which is faster",
        )
        header: str = Field(
            "X-Signature",
            title="Header",
            description="Holds another sender's signature",
            pattern=r"^[A-Za-z0-9-]+$",
            max_length=100,
            tab="Another sender",
        )
        prefix: str = Field(
            "",
            title="Prefix",
            description="Stands before the signature, such as sha256=",
            max_length=50,
            tab="Another sender",
        )
        algorithm: Literal["sha256", "sha512", "sha1"] = Field(
            "sha256",
            title="Algorithm",
            description="Of the HMAC",
            enum_titles=["SHA-256", "SHA-512", "SHA-1 (old)"],
            tab="Another sender",
        )
        encoding: Literal["hex", "base64"] = Field(
            "hex",
            title="Written as",
            description="How the signature is written",
            enum_titles=["Hexadecimal", "Base64"],
            tab="Another sender",
        )
        timestamp_header: str = Field(
            "",
            title="Time header",
            description="Holds the time in Unix seconds; <time>.<body> is signed then",
            pattern=r"^[A-Za-z0-9-]*$",
            max_length=100,
            tab="Another sender",
        )

    class State(Model, version=1):
        passed: list[str] = stored("webhooks-passed", default_factory=list, max_bytes=128 * 1024)

    class Control(Model):
        valid: int = Field(title="Valid", readonly=True, description="Since the module started")
        invalid: int = Field(title="Refused", readonly=True, description="Since the module started")
        last: str = Field(title="Last refusal", readonly=True, description="Why the last one was refused")

    settings: Settings
    state: StateStore[State]

    valid = output("valid", ValidOutput)
    invalid = output("invalid", InvalidOutput)

    def __init__(self) -> None:
        self._valid = self._invalid = 0
        self._last = ""
        self._memory = Memory()
        #: Another has written down what passed, and nobody has read it here.
        self._news = False
        self._failing = False

    def on_state(self) -> None:
        # Each webhook that another replica lets pass comes by here, and most replicas never need to know of it.
        self._news = True

    def ports(self) -> list[Port]:
        # What one replica remembers another does not know: one handles them all, unless none needs to remember.
        leads = self.settings.replay_window > 0
        return [replace(port, leader=leads) if port.name == "in" else port for port in super().ports()]

    @input("in", label="In")
    async def check(self, ctx: Context, message: WebhookInput) -> Result:
        window = self.settings.replay_window
        try:
            body, signature = await self._checked(message)
            one = passes(signature, ctx.operation_id, self.services.clock.time())
            if self._news:
                self._memory.learn(map(Passed.read, self.state.value.passed))
                self._news = False
            if window and not self._memory.enter(one, window):
                raise Refused("replayed", "the same request has passed before")
        except Refused as refused:
            return await self._refuse(ctx, message, refused)
        self._valid += 1
        self.publish()
        try:
            result = await self.valid.emit(ctx, ValidOutput(body=body, context=message.context))
        except BaseException:
            # The sender will try again, and must not be taken for somebody who repeats what he has overheard.
            self._memory.forget(one)
            raise
        if window and self.settings.persistent:
            await self._keep(one)
        return result

    @property
    def changes_state(self) -> bool:
        # What passes is written down in a context of its own, after the flow.
        return False

    def control(self) -> Control:
        return self.Control(valid=self._valid, invalid=self._invalid, last=self._last)

    def live(self) -> str:
        return f"{self._valid} valid, {self._invalid} refused" if self._valid or self._invalid else ""

    async def _checked(self, message: WebhookInput) -> tuple[Any, str]:
        """The body and the signature. Raises `Refused`."""
        settings = self.settings
        if message.raw is None:
            text = "no raw body came; switch 'Raw body' on in the HTTP Server, and map its raw"
            raise Refused("body_missing", text)
        return await off_loop(
            len(message.raw),
            _check,
            message.raw,
            {name.lower(): value for name, value in message.headers.items() if isinstance(value, str)},
            settings,
            self.services.clock.time(),
        )

    async def _keep(self, one: Passed) -> None:
        """Have it outlive a restart: only now, for one that a crash cuts off before may come again. Where it cannot be
        stored that shows on the node; the flow has done its work all the same."""
        oldest = one.at - self.settings.replay_window
        try:
            async with self.state.change(self.services.begin()) as state:
                kept = state.passed
                kept.append(one.text())
                over = max(0, len(kept) - KEPT)
                while Passed.read(kept[over]).at < oldest:
                    over += 1
                del kept[:over]
        except NotLeader:
            return
        except Fail as failure:
            self._failing = True
            self.report(failure.problem)
        else:
            if self._failing:
                self._failing = False
                self.report(None)

    async def _refuse(self, ctx: Context, message: WebhookInput, refused: Refused) -> Result:
        self._invalid += 1
        self._last = f"{refused.code}: {refused.reason}"
        self.publish()
        sent = InvalidOutput(code=refused.code, reason=refused.reason, context=message.context)
        answer = await self.invalid.emit(ctx, sent)
        if answer is not None:
            return answer
        return {"status": 401, "body": {"error": {"code": "signature", "message": "the request is refused"}}}


def _check(raw: str, headers: dict[str, str], settings: WebhookSignature.Settings, now: float) -> tuple[Any, str]:
    try:
        body = base64.b64decode(raw, validate=True)
    except ValueError:
        raise Fail(
            "raw is not Base64; map the raw of the HTTP Server to it as it is",
            code="invalid_base64",
            permanent=True,
            field="/raw",
        ) from None
    generic = Generic(
        settings.header, settings.prefix, settings.algorithm, settings.encoding, settings.timestamp_header
    )
    secrets = tuple(filter(None, (settings.secret, settings.old_secret)))
    signature = verify(settings.scheme, generic, secrets, headers, body, now, settings.tolerance)
    try:
        return orjson.loads(body), signature
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace"), signature
