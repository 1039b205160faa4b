"""Who may see what."""

import uuid

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import NewContext, OpenDemo
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]

STRANGER = """
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
user = get_user_model().objects.create_user({name!r})
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "config.sessions.PersonBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print("session:" + session.session_key)
"""


async def test_a_flow_of_someone_else_does_not_exist(
    product: Product, open_demo: OpenDemo, new_context: NewContext
) -> None:
    flow = await open_demo(product)
    printed = product.manage("shell", "-c", STRANGER.format(name=f"stranger-{uuid.uuid4().hex[:8]}"))
    key = next(line for line in printed.splitlines() if line.startswith("session:")).removeprefix("session:")
    context = await new_context()
    await context.add_cookies([{"name": "weirflow_session", "value": key, "url": product.url}])
    page = await context.new_page()

    answer = await page.goto(f"{product.url}/")
    assert answer
    assert answer.status == 200
    await expect(page.get_by_text("Visit counter")).to_have_count(0)
    for address in (flow.page.url, f"{product.url}/api/flows/{flow.flow}"):
        refused = await page.request.get(address)
        assert refused.status == 404, address
    missing = await page.request.get(f"{product.url}/flows/{uuid.uuid4()}/")
    assert missing.status == 404


async def test_a_websocket_without_a_right_is_closed_with_its_code(
    product: Product, open_demo: OpenDemo, new_context: NewContext
) -> None:
    flow = await open_demo(product)
    code = """path => new Promise((done) => {
      const socket = new WebSocket(`ws://${location.host}${path}`);
      socket.onclose = (event) => done(event.code);
    })"""
    assert await flow.page.evaluate(code, f"/ws/flows/{uuid.uuid4()}") == 4404
    page = await (await new_context()).new_page()
    await page.goto(product.url)
    assert await page.evaluate(code, f"/ws/flows/{flow.flow}") == 4401
