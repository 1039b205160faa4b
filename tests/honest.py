"""A client that tells how often it has asked."""

from typing import Any

import aiohttp


def honest_session(**options: Any) -> aiohttp.ClientSession:
    """A session that sends each request once. By default a GET whose connection ends is sent again without a word,
    which hides lost requests from those who look for them, and may count them twice."""
    session = aiohttp.ClientSession(**options)
    session._retry_connection = False
    return session
