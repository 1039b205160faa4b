"""A finger on a touch screen."""

from playwright.async_api import CDPSession


class Finger:
    """One finger, as the browser gets it from a screen."""

    def __init__(self, session: CDPSession) -> None:
        self.session = session

    async def down(self, x: float, y: float) -> None:
        await self._send("touchStart", x, y)

    async def move(self, x: float, y: float) -> None:
        await self._send("touchMove", x, y)

    async def up(self) -> None:
        await self.session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    async def _send(self, kind: str, x: float, y: float) -> None:
        await self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
