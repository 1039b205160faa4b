"""Addresses of mail, as people write them."""

from __future__ import annotations

import re
from email import policy
from email.headerregistry import Address

#: Of an address with its name; RFC 5321 allows 254 without one.
LONGEST = 320
_NO_ADDRESS = "it is no address; write ann@example.com or Ann <ann@example.com>"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*")


def read_address(text: str) -> Address:
    """`ann@example.com` or `Ann <ann@example.com>`, its domain in ASCII. Raises `ValueError` saying what is wrong."""
    if has_control(text):
        raise ValueError("it has a line break or another control character in it")
    if not 0 < len(text) <= LONGEST:
        raise ValueError(f"an address has 1 to {LONGEST} characters")
    try:
        header = policy.SMTP.header_factory("To", text)
    except Exception:
        # The library's parser trips over some texts that are no addresses.
        raise ValueError(_NO_ADDRESS) from None
    if len(header.addresses) != 1 or header.defects or header.groups[0].display_name is not None:
        raise ValueError(_NO_ADDRESS)
    (address,) = header.addresses
    if not address.username.isascii():
        raise ValueError("what stands before the @ must be ASCII: few servers take anything else")
    try:
        domain = address.domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    if not address.username or not _DOMAIN.fullmatch(domain):
        raise ValueError(_NO_ADDRESS)
    if has_control(address.display_name):
        raise ValueError("its name has a line break or another control character in it")
    return Address(address.display_name, address.username, domain)


def has_control(text: str) -> bool:
    """Whether the text could end its header and begin another."""
    return _CONTROL.search(text) is not None
