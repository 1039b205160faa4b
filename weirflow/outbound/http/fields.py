"""The header fields of an answer, as components see them."""


def joined(fields: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """By lower-case name; see `OutboundResponse`."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in fields:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name in headers:
            headers[name] += ("\n" if name == "set-cookie" else ", ") + value
        else:
            headers[name] = value
    return headers
