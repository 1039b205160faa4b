"""Static files are answered before Django sees the request."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from config import prepare
from config.static_files import Receive, Scope, Send, StaticFiles


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"django"})


async def _get(app: StaticFiles, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        raise AssertionError("a static file needs no body")

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await app({"type": "http", "method": method, "path": path, "headers": named}, receive, send)
    answer = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], answer, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "app.0123456789ab.js").write_bytes(b"let x;" * 100_000)
    (tmp_path / "app.0123456789ab.js.gz").write_bytes(gzip.compress(b"let x;" * 100_000))
    (tmp_path / "page.css").write_text("p{}")
    return tmp_path


@pytest.fixture
def app(root: Path) -> StaticFiles:
    return StaticFiles(_nothing_here, "/static/", root, [])


async def test_a_file_comes_whole_with_its_policy(app: StaticFiles) -> None:
    status, headers, body = await _get(app, "/static/app.0123456789ab.js")
    assert (status, len(body)) == (200, 600_000)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "immutable" in headers["cache-control"]


async def test_a_file_of_the_front_ends_build_stays_under_the_name_that_the_build_gave_it(root: Path) -> None:
    (root / "dist" / "assets").mkdir(parents=True)
    (root / "dist" / "assets" / "main-B001WhC_.js").write_text("let x;")
    (root / "dist" / "manifest.json").write_text("{}")
    app = StaticFiles(_nothing_here, "/static/", root, [])
    _, headers, _ = await _get(app, "/static/dist/assets/main-B001WhC_.js")
    assert "immutable" in headers["cache-control"]
    _, headers, _ = await _get(app, "/static/dist/manifest.json")
    assert "immutable" not in headers["cache-control"]


async def test_compressed_where_the_browser_can(app: StaticFiles) -> None:
    status, headers, body = await _get(app, "/static/app.0123456789ab.js", accept_encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert len(gzip.decompress(body)) == 600_000


async def test_unchanged_is_304(app: StaticFiles) -> None:
    _, headers, _ = await _get(app, "/static/page.css")
    assert "immutable" not in headers["cache-control"]
    status, _, body = await _get(app, "/static/page.css", if_none_match=headers["etag"])
    assert (status, body) == (304, b"")


async def test_head_and_other_methods(app: StaticFiles) -> None:
    status, _, body = await _get(app, "/static/page.css", "HEAD")
    assert (status, body) == (200, b"")
    assert (await _get(app, "/static/page.css", "POST"))[0] == 405


@pytest.mark.parametrize(
    "path", ["/", "/static/none.css", "/static/../page.css", "/static/%2e%2e/x", "/staticpage.css"]
)
async def test_everything_else_is_django_s(app: StaticFiles, path: str) -> None:
    assert (await _get(app, path))[0] == 299


async def test_without_collected_files_the_sources_are_served(root: Path, tmp_path: Path) -> None:
    app = StaticFiles(_nothing_here, "/static/", tmp_path / "missing", [root])
    assert (await _get(app, "/static/page.css"))[2] == b"p{}"
    (root / "new.css").write_text("q{}")
    assert (await _get(app, "/static/new.css"))[2] == b"q{}"
    assert (await _get(app, "/static/../secret"))[0] == 299


def test_files_are_collected_again_only_when_they_changed(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def collect(command: str, **options: Any) -> None:
        calls.append(command)
        settings.STATIC_ROOT.mkdir(exist_ok=True)

    monkeypatch.setattr(prepare, "call_command", collect)
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a{}")
    settings.STATIC_ROOT, settings.STATICFILES_DIRS = tmp_path / "root", [source]
    prepare.collect_static_files()
    prepare.collect_static_files()
    assert calls == ["collectstatic"]
    (source / "b.css").write_text("b{}")
    prepare.collect_static_files()
    assert len(calls) == 2
