"""Text as Base64, and back."""

from __future__ import annotations

import base64
import binascii
import string
from typing import Any, Literal

from modules.off_loop import off_loop
from weirflow import Component, Context, Fail, Field, Model, Result, input, output

#: The definition of what is passed on beside the text.
CONTEXT = "base64-context"

_ALPHABET = frozenset(string.ascii_letters + string.digits + "+/")


class EncodeInput(Model):
    """Text to encode."""

    text: str = Field(title="Text", description="In the charset of the settings", configurable=True)
    context: Any = Field(None, title="Context", description="Passed on as it is", configurable=True, id=CONTEXT)


class DecodeInput(Model):
    """Base64 to decode."""

    base64: str = Field(title="Base64", description="Of either alphabet, padded or not", configurable=True)
    context: Any = Field(None, title="Context", description="Passed on as it is", configurable=True, id=CONTEXT)


class Encoded(Model):
    """The text as Base64."""

    base64: str = Field(title="Base64", description="The text, encoded")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


class Decoded(Model):
    """What the Base64 stands for."""

    text: str = Field(title="Text", description="What was encoded")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


class Base64(Component):
    """Encodes text as Base64, and decodes it.

    `encode` sends from `encoded`, `decode` from `decoded`. What is decoded may be of the standard alphabet or of that
    for URLs, with padding or without, and on several lines. Texts are bytes in the charset of the settings; bytes that
    are no text (a picture) stay Base64 in a flow, as HTTP Server gives them.

    Errors: `invalid_base64` says which character is wrong; `not_text` where the bytes are no text of the charset, or a
    text has a character that the charset has not; `too_large` above the largest size. None of them is better the next
    time.
    """

    title = "Base64"
    category = "Data"
    icon = "base64"
    tags = ("encode", "decode", "binary")

    class Settings(Model):
        alphabet: Literal["standard", "url"] = Field(
            "standard",
            title="Alphabet",
            description="Of what is encoded",
            enum_titles=["Standard (+ and /)", "For URLs (- and _)"],
        )
        padding: bool = Field(True, title="Padding", description="End what is encoded with =, to a multiple of four")
        charset: Literal["utf-8", "latin-1", "ascii"] = Field(
            "utf-8", title="Charset", description="Of the texts", enum_titles=["UTF-8", "Latin-1", "ASCII"]
        )
        max_size: int = Field(
            16_777_216, ge=1, le=67_108_864, title="Largest text", description="Characters; a longer one is refused"
        )

    settings: Settings

    encoded = output("encoded", Encoded)
    decoded = output("decoded", Decoded)

    @input("encode")
    async def encode(self, ctx: Context, message: EncodeInput) -> Result:
        self._check_size(message.text)
        text = await off_loop(len(message.text), _encode, message.text, self.settings)
        return await self.encoded.emit(ctx, Encoded(base64=text, context=message.context))

    @input("decode")
    async def decode(self, ctx: Context, message: DecodeInput) -> Result:
        self._check_size(message.base64)
        text = await off_loop(len(message.base64), _decode, message.base64, self.settings.charset)
        return await self.decoded.emit(ctx, Decoded(text=text, context=message.context))

    def _check_size(self, text: str) -> None:
        if len(text) > (limit := self.settings.max_size):
            raise Fail(
                f"the text has more than {limit:,} characters; send less, or raise 'Largest text'",
                code="too_large",
                permanent=True,
            )


def _encode(text: str, settings: Base64.Settings) -> str:
    try:
        data = text.encode(settings.charset)
    except UnicodeEncodeError as error:
        raise Fail(
            f"character {error.start + 1} of the text is not in {settings.charset}; choose UTF-8, or take it out",
            code="not_text",
            permanent=True,
            field="/text",
        ) from None
    encoded = (base64.b64encode if settings.alphabet == "standard" else base64.urlsafe_b64encode)(data).decode()
    return encoded if settings.padding else encoded.rstrip("=")


def _decode(text: str, charset: str) -> str:
    try:
        return bytes_of(text).decode(charset)
    except UnicodeDecodeError as error:
        raise Fail(
            f"byte {error.start + 1} of what was decoded is no text in {charset}; choose its charset, or leave it as "
            "Base64 where it is no text at all",
            code="not_text",
            permanent=True,
            field="/base64",
        ) from None


def bytes_of(text: str, field: str = "/base64") -> bytes:
    """What Base64 of either alphabet stands for, padded or not. Raises `Fail` naming the character at fault."""
    plain = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        wrong = next((letter for letter in plain if letter not in _ALPHABET), "")
        why = f"{wrong!r} is none of its characters" if wrong else "it ends in the middle of a byte"
        raise Fail(
            f"this is not Base64: {why}; send it whole and as it was encoded",
            code="invalid_base64",
            permanent=True,
            field=field,
        ) from None
