"""Hashes of messages, with a secret or without."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any, Literal

import orjson

from modules.data.base64 import bytes_of
from modules.off_loop import off_loop
from weirflow import Component, Context, Fail, Field, Model, Result, input, output

#: The definition of what is passed on beside the hash.
CONTEXT = "hash-context"


class HashInput(Model):
    """What to hash."""

    data: Any = Field(
        None,
        title="Data",
        description="A text as its UTF-8 bytes; anything else as JSON with sorted names and no blanks",
        configurable=True,
    )
    context: Any = Field(None, title="Context", description="Passed on as it is", configurable=True, id=CONTEXT)


class HashOutput(Model):
    """The hash."""

    hash: str = Field(title="Hash", description="Written as the settings say")
    algorithm: str = Field(title="Algorithm", description="hmac- in front where a secret was in it")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


class Hash(Component):
    """Computes the hash of a message, or with a secret its HMAC.

    A text is hashed as its UTF-8 bytes, or where the settings say so as the bytes that its Base64 stands for. Any other
    value is hashed as JSON with the names of objects in order and no blanks, so that equal values have equal hashes.

    SHA-1 and MD5 are for old systems that ask for them: whoever wants to can make two texts with the same one.

    Errors: `invalid_base64` where data that should be Base64 is not; `not_text` where a text cannot be written as
    UTF-8, or data should be Base64 and is no text. None of them is better the next time.
    """

    title = "Hash"
    category = "Data"
    icon = "fingerprint"
    tags = ("sha256", "hmac", "digest", "checksum", "signature")

    class Settings(Model):
        algorithm: Literal["sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "sha1", "md5"] = Field(
            "sha256",
            title="Algorithm",
            description="SHA-1 and MD5 protect nothing any more",
            enum_titles=[
                "SHA-256",
                "SHA-384",
                "SHA-512",
                "SHA3-256",
                "SHA3-512",
                "BLAKE2b",
                "SHA-1 (old)",
                "MD5 (old)",
            ],
        )
        keyed: bool = Field(False, title="With a secret", description="Compute the HMAC (RFC 2104)")
        secret: str = Field(
            "",
            title="Secret",
            description="Known to both sides",
            secret=True,
            max_length=10_000,
            required_when=("keyed", "equal", True),
        )
        data: Literal["text", "base64"] = Field(
            "text",
            title="Data is",
            description="What a text stands for",
            enum_titles=["Text", "Base64 of the bytes to hash"],
        )
        encoding: Literal["hex", "base64", "base64url"] = Field(
            "hex",
            title="Write it as",
            description="The form of the hash",
            enum_titles=["Hexadecimal", "Base64", "Base64 for URLs"],
        )

    settings: Settings

    hashed = output("hashed", HashOutput)

    @input("in", label="In")
    async def hash(self, ctx: Context, message: HashInput) -> Result:
        settings, data = self.settings, message.data
        size = len(data) if isinstance(data, str) else 1000 * len(data) if isinstance(data, list | dict) else 0
        text = await off_loop(size, _hash, data, settings)
        name = f"hmac-{settings.algorithm}" if settings.keyed else settings.algorithm
        return await self.hashed.emit(ctx, HashOutput(hash=text, algorithm=name, context=message.context))


def _hash(data: Any, settings: Hash.Settings) -> str:
    content = _content(data, settings.data)
    if settings.keyed:
        digest = hmac.digest(settings.secret.encode(), content, settings.algorithm)
    else:
        # No protection rests on this; whoever needs one chooses an algorithm that gives it.
        digest = hashlib.new(settings.algorithm, content, usedforsecurity=False).digest()
    if settings.encoding == "hex":
        return digest.hex()
    return (base64.b64encode if settings.encoding == "base64" else base64.urlsafe_b64encode)(digest).decode()


def _content(data: Any, form: Literal["text", "base64"]) -> bytes:
    if form == "base64":
        if not isinstance(data, str):
            raise Fail(
                "the data should be Base64 and is no text; map a text to it, or change 'Data is'",
                code="not_text",
                permanent=True,
                field="/data",
            )
        return bytes_of(data, "/data")
    try:
        return data.encode() if isinstance(data, str) else orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    except (UnicodeEncodeError, TypeError, ValueError) as error:
        raise Fail(
            f"the data cannot be written as UTF-8: {error}; take out what is no text or no 64-bit number",
            code="not_text",
            permanent=True,
            field="/data",
        ) from None
