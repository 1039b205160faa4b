"""The editor's page."""

import json
import shutil
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from editor import assets
from projects.models import Flow


@pytest.fixture
def built(tmp_path: Path, settings: Settings) -> Path:
    """A front end as Vite would build it."""
    folder = tmp_path / "static" / "dist"
    folder.mkdir(parents=True)
    manifest = {
        "src/main.tsx": {
            "file": "assets/main-1.js",
            "isEntry": True,
            "imports": ["_graph.js"],
            "css": ["a/main-1.css"],
        },
        "_graph.js": {"file": "assets/graph-2.js", "imports": ["src/main.tsx"], "css": ["a/graph-2.css"]},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    settings.BASE_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "collected"
    return folder


@pytest.fixture
def browser(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def test_the_page_mounts_the_front_end_and_has_nothing_inline(browser: Client, flow: Flow, built: Path) -> None:
    page = browser.get(flow.get_absolute_url())
    text = page.content.decode()
    assert page.status_code == 200
    assert "<title>Visit counter · Web metrics · Weirflow</title>" in text
    assert f'data-flow="{flow.pk}"' in text
    assert '<script type="module" src="/static/dist/assets/main-1.js"></script>' in text
    assert 'rel="modulepreload" href="/static/dist/assets/graph-2.js"' in text
    assert text.index("a/main-1.css") < text.index("a/graph-2.css")
    assert "<noscript>" in text
    assert "style=" not in text
    assert text.count("<script") == 1


def test_names_are_escaped(browser: Client, flow: Flow, built: Path) -> None:
    Flow.objects.filter(pk=flow.pk).update(name='"><script>alert(1)</script>')
    assert "<script>alert" not in browser.get(flow.get_absolute_url()).content.decode()


def test_without_a_build_the_page_says_what_to_do(
    browser: Client, flow: Flow, tmp_path: Path, settings: Settings
) -> None:
    settings.BASE_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "collected"
    assert assets.editor_assets() is None
    assert "npm run build" in browser.get(flow.get_absolute_url()).content.decode()


def test_a_new_build_is_noticed(built: Path) -> None:
    first = assets.editor_assets()
    assert first is not None
    manifest = built / "manifest.json"
    manifest.write_text(json.dumps({"src/main.tsx": {"file": "assets/main-9.js"}}))
    again = assets.editor_assets()
    assert again is not None
    assert again.script == "dist/assets/main-9.js"


def test_a_build_made_while_another_is_served_waits_for_the_restart(built: Path, settings: Settings) -> None:
    shutil.copytree(built, settings.STATIC_ROOT / "dist")
    (built / "manifest.json").write_text(json.dumps({"src/main.tsx": {"file": "assets/main-9.js"}}))
    served = assets.editor_assets()
    assert served is not None
    assert served.script == "dist/assets/main-1.js"


def test_a_stranger_gets_404_and_a_guest_the_sign_in_page(flow: Flow, stranger: User, built: Path) -> None:
    client = Client()
    page = client.get(flow.get_absolute_url())
    assert (page.status_code, page.headers["Location"].split("?")[0]) == (302, "/sign-in/")
    client.force_login(stranger)
    assert client.get(flow.get_absolute_url()).status_code == 404


def test_a_flow_under_another_project_is_404(browser: Client, owner: User, flow: Flow, built: Path) -> None:
    from projects.actions import do_create_project

    other = do_create_project(owner, "Other")
    assert browser.get(f"/projects/{other.pk}/flows/{flow.pk}/").status_code == 404


def test_a_viewer_sees_the_page_and_may_not_edit(flow: Flow, viewer: User, built: Path) -> None:
    client = Client()
    client.force_login(viewer)
    text = client.get(flow.get_absolute_url()).content.decode()
    assert 'data-can-edit="false"' in text
    assert 'data-can-control="false"' in text
