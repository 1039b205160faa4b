"""Where a URL leads, and what of it is sent."""

import pytest

from weirflow import Fail
from weirflow.outbound.http.target import join, read_target


@pytest.mark.parametrize(
    ("url", "origin", "host", "port", "path"),
    [
        ("http://Example.COM", "http://example.com", "example.com", 80, "/"),
        ("https://example.com:443/a?b#c", "https://example.com", "example.com", 443, "/a?b"),
        ("https://example.com:8443/ä b", "https://example.com:8443", "example.com", 8443, "/%C3%A4%20b"),
        ("http://[::1]:8080/", "http://[::1]:8080", "::1", 8080, "/"),
        ("http://[fe80::1%25eth0]/", "http://[fe80::1]", "fe80::1%eth0", 80, "/"),
        ("http://0x7f.1:81?q", "http://127.0.0.1:81", "127.0.0.1", 81, "/?q"),
        ("http://bücher.example/", "http://xn--bcher-kva.example", "xn--bcher-kva.example", 80, "/"),
        ("http://a.example:/", "http://a.example", "a.example", 80, "/"),
        # Whoever looked at it before may have seen another host: the last @ decides, and no line is broken.
        ("http://good.example@127.0.0.1/", "http://127.0.0.1", "127.0.0.1", 80, "/"),
        ("http://127.0.0.1#@good.example/", "http://127.0.0.1", "127.0.0.1", 80, "/"),
        ("http://[::1]:80@a.example/", "http://a.example", "a.example", 80, "/"),
        ("http://a.example:6379/\r\nSET a b\r\n", "http://a.example:6379", "a.example", 6379, "/SET%20a%20b"),
        ("http://a.example/%0d%0aSET", "http://a.example", "a.example", 80, "/%0d%0aSET"),
    ],
)
def test_a_url_is_read_once_and_for_all(url: str, origin: str, host: str, port: int, path: str) -> None:
    target = read_target(url)
    assert (str(target.origin), target.origin.host, target.origin.port, target.path) == (origin, host, port, path)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "//example.com",
        "http:/x",
        "http://[::1",
        "http://a:b:c/",
        "http://ex%61mple.com/",
        "http://evil.example\\@good.example/",
        "http://127.0.0.1%00.good.example/",
        "http://127%2e0%2e0%2e1/",
        "gopher://127.0.0.1:6379/_x",
        "http:///127.0.0.1/",
    ],
)
def test_what_leads_nowhere_is_refused(url: str) -> None:
    with pytest.raises(Fail) as caught:
        read_target(url)
    assert caught.value.code == "outbound_invalid"


def test_a_redirect_is_read_from_where_it_came() -> None:
    here = read_target("https://a.example/x/y?z")
    assert join(here, "../w").url == "https://a.example/w"
    assert join(here, "//b.example/q").url == "https://b.example/q"
    assert join(here, "?only").url == "https://a.example/x/y?only"
