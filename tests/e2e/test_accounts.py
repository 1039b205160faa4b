"""Somebody is invited, makes an account, guards it, and is put out."""

import re
import time
import uuid

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.async_api import APIRequestContext, Page, expect

from tests.e2e import axe, people
from tests.e2e.conftest import NewContext, OpenDemo
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]

PASSWORD = "a long one for tests 7"


async def _invitation(owner: FlowPage, product: Product) -> str:
    """A link into the demo project, as editor, made on the page."""
    page = owner.page
    await page.goto(f"{product.url}/projects/")
    await page.get_by_role("link", name=re.compile("visit counter", re.IGNORECASE)).first.click()
    await page.get_by_role("link", name="Members", exact=True).click()
    await page.get_by_role("link", name="Invite by link").click()
    await page.wait_for_url(re.compile(r"/invitations/$"))
    await page.get_by_label("Role").select_option("editor")
    await page.get_by_role("button", name="Invite", exact=True).click()
    assert await axe.faults(page) == []
    return await page.get_by_label("The link", exact=True).input_value()


async def _sign_in(page: Page, product: Product, name: str) -> None:
    await page.goto(f"{product.url}/sign-in/")
    await page.get_by_label("Name or mail address").fill(name)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def test_from_an_invitation_to_being_signed_out_from_afar(
    product: Product, open_demo: OpenDemo, new_context: NewContext
) -> None:
    owner = await open_demo(product)
    link, name = await _invitation(owner, product), f"guest-{uuid.uuid4().hex[:6]}"

    context = await new_context()
    page = await context.new_page()
    # What previews links has been here before.
    await page.request.get(link)
    await page.goto(link)
    assert await axe.faults(page) == []
    await page.get_by_label("Your name here").fill(name)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_label("Once more").fill(PASSWORD)
    await page.get_by_role("button", name="Make an account and join").click()
    await page.wait_for_url(re.compile(r"/projects/[0-9a-f-]{36}/$"))
    await page.goto(f"{product.url}/projects/")
    guest = await people.open_demo(page)
    assert guest.flow == owner.flow
    assert (await page.request.get(link)).status == 410

    # The phone signs in too, and from there the editor of the first window is closed.
    phone = await (await new_context()).new_page()
    await _sign_in(phone, product, name)
    await phone.goto(f"{product.url}/account/")
    assert await axe.faults(phone) == []
    await phone.get_by_role("button", name="Sign out everywhere else").click()
    await expect(page.get_by_text("Sign in again in another tab").first).to_be_visible()
    await expect(phone.get_by_role("list", name="Sessions").get_by_role("listitem")).to_have_count(1)

    await _make_and_revoke_a_token(phone, product, guest, (await new_context()).request)
    recovery = await _set_up_second_factor(phone, product)
    other = await context.new_page()
    await _sign_in(other, product, name)
    await other.wait_for_url(re.compile("/sign-in/code/$"))
    assert await axe.faults(other) == []
    await other.get_by_label("Code").fill(recovery)
    await other.get_by_role("button", name="Sign in").click()
    await other.wait_for_url(re.compile("/projects/$"))
    # The editor that was signed out goes on where it was: it finds the new session by itself.
    await expect(page.get_by_text("Sign in again in another tab")).to_have_count(0)


async def _set_up_second_factor(page: Page, product: Product) -> str:
    """By the key that stands beside the picture; returns a recovery code, since the app's code is spent by this."""
    await page.goto(f"{product.url}/account/")
    await page.get_by_role("link", name="Set up").click()
    await expect(page.get_by_role("img", name="A QR code")).to_be_visible()
    assert await axe.faults(page) == []
    secret = "".join((await page.locator("code.code").inner_text()).split())
    await page.get_by_label("Code").fill(_code(secret))
    await page.get_by_role("button", name="Turn on").click()
    recovery = page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    await expect(recovery).to_have_count(10)
    return await recovery.first.inner_text()


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


async def _make_and_revoke_a_token(page: Page, product: Product, flow: FlowPage, program: APIRequestContext) -> None:
    await page.goto(f"{product.url}/account/tokens/")
    await page.get_by_label("What is it for?").fill("Nightly export")
    await page.get_by_role("button", name="Make token").click()
    bearer = {"Authorization": f"Bearer {await page.get_by_label('The token', exact=True).input_value()}"}
    assert await axe.faults(page) == []
    address = f"{product.url}/api/flows/{flow.flow}"
    assert (await program.get(address)).status == 401
    assert (await program.get(address, headers=bearer)).status == 200
    await page.get_by_role("button", name="Revoke Nightly export").click()
    await expect(page.get_by_text("Nightly export")).to_have_count(0)
    assert (await program.get(address, headers=bearer)).status == 401
