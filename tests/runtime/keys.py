"""The link's key for parts that are tested without a cluster."""

from weirflow.runtime.shared_key import SharedKey


def shared_key(key: bytes) -> SharedKey:
    """One that stays as it is."""

    async def read() -> bytes:
        return key

    return SharedKey(key, read)
