"""The signal."""

from __future__ import annotations

from typing import Any

from weirflow import Button, Component, Context, Field, Model, button, on_control, output

#: The definition of what is sent.
SENT = "sent-message"


class Signal(Component):
    """Sends a message when somebody presses Send.

    The message is what the settings say; the control panel can send another one without changing them. A press is
    handled by the leading replica. If that dies in the middle, its successor sends the message again with the same
    operation id: nodes that keep state count it once.
    """

    category = "Sources"
    icon = "signal"
    tags = ("manual", "trigger", "source")

    class Settings(Model):
        message: Any = Field(
            default_factory=dict,
            title="Message",
            description="What is sent",
            format="code",
            language="json",
            shared=True,
            id=SENT,
        )

    class Control(Model):
        context: Any = Field(
            None,
            title="Message",
            description="Sent instead of the message in the settings",
            format="code",
            language="json",
            shared=True,
            id=SENT,
        )
        sent: int = Field(0, title="Sent", readonly=True, description="Since the module started")
        send: Button = button("Send", card=True)

    settings: Settings

    out = output("out", definition=SENT)

    def __init__(self) -> None:
        self._sent = 0

    @on_control("send")
    async def send(self, ctx: Context, message: Control) -> None:
        self._sent += 1
        self.publish()
        await self.out.emit(ctx, self.settings.message if message.context is None else message.context)

    def control(self) -> Control:
        return self.Control(context=self.settings.message, sent=self._sent)

    def live(self) -> str:
        return f"{self._sent} sent" if self._sent else ""
