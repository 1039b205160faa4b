"""What the how-tos that call others have a person do: there is a server that answers as Slack does, a database, and a
mail server."""

import asyncio
import base64
import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from playwright.async_api import Locator, Page

from tests.docs import journeys
from tests.docs.blocks import ROOT, blocks_of
from tests.e2e import people
from tests.e2e.axe import faults
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import Product
from tests.modules.mail_server import MailServer, certificate, mail_server
from tests.outbound.peers import peer, response
from tests.transport.certificates import Authority
from tests.waiting import eventually, read_until

APPROVAL_PAGE = "docs/howto/approval-form.md"
CSV_PAGE = "docs/howto/csv-to-postgresql.md"


async def schedule_to_slack(product: Product) -> None:
    """docs/howto/schedule-to-slack.md: what the schedule posts has come when this returns."""
    async with peer() as others, journeys.signed_in(product) as page:
        others.answers["/numbers"] = response(b'{"orders": 12}', content_type="application/json")
        others.answers["/hook"] = response(b"ok")
        flow = await _from_template(page, product, "schedule-to-slack")
        await flow.select(numbers := await flow.find("http_client"))
        await _fill(flow, numbers, "/url", f"{others.url}/numbers")
        edges = (await flow.document())["edges"]
        wire = next(one["id"] for one in edges if one["source"] == numbers)
        await journeys.say(flow, wire, "/text", "Yesterday: {{ $.body.orders }} orders")

        home = page.url
        await _add_secret(page, "slack", "url", f"{others.url}/hook")
        await _add_secret(page, "numbers", "authorization", "Bearer of-the-api")
        await _allow(page, f"127.0.0.1:{others.port}")
        await page.goto(home)
        await page.get_by_text("Deployed", exact=True).wait_for()
        await flow.select(await flow.find("cron"))
        run = flow.inspector.get_by_role("button", name="Run now")

        async def posted() -> list[str]:
            # Once more, should the secrets have come to the nodes after the first press.
            await run.click()
            return [json.loads(one.body)["text"] for one in others.asked if one.line.startswith("POST /hook")]

        assert (await read_until(posted, bool, 60))[0] == "Yesterday: 12 orders"
        # The last one: those before it may have gone out before the secret was there.
        asked = [one for one in others.asked if one.line.startswith("GET /numbers")][-1]
        assert asked.headers["authorization"] == "Bearer of-the-api"


async def csv_to_postgresql(product: Product, database: str) -> None:
    """docs/howto/csv-to-postgresql.md up to the sending: the flow writes rows when this returns."""
    (table,) = [block.text for block in blocks_of(ROOT / CSV_PAGE) if block.kind == "sql"]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(table)  # type: ignore[arg-type]
    at = urlsplit(database)
    async with journeys.signed_in(product) as page:
        flow = await _from_template(page, product, "csv-to-postgresql")
        await flow.select(insert := await flow.find("sql_query"))
        places = {"/host": at.hostname or "", "/port": str(at.port), "/name": at.path[1:], "/user": at.username or ""}
        for pointer, text in places.items():
            await _fill(flow, insert, pointer, text)
        # The database of the tests is on this machine, and has no certificate.
        await flow.field("/tls").select_option(label="Off")
        await flow.until(lambda now: _setting(now, insert, "tls") == "off")
        await _add_secret(page, "postgres", "password", at.password or "")
        await _allow(page, f"{at.hostname}:{at.port}")
    await read_until(lambda: asyncio.to_thread(_send, f"{product.flows_url}/orders"), lambda code: code == 201, 60)
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT number, sku, pieces FROM orders").fetchall() == [(1, "pen", 2)]


async def approval_form(product: Product, folder: Path) -> None:
    """docs/howto/approval-form.md: who decides was asked and has granted it, on a dashboard, when this returns. The
    certificate of the mail server goes into `folder`."""
    authority = Authority(folder)
    async with mail_server(trust=certificate(authority), auth=True) as mails, journeys.signed_in(product) as page:
        flow = await _from_template(page, product, "approval-form")
        await _add_secret(page, "mail", "password", "s3cret")
        # The mail server of the tests is on this machine: it has to be allowed, and its certificate has to be known.
        await _allow(page, f"127.0.0.1:{mails.port}")
        await page.goto(f"{_project(page)}/flows/{flow.flow}/")
        trusted = (authority.home / "ca.crt").read_text()
        for sender in [node for node in (await flow.document())["nodes"] if node["component"] == "email"]:
            await flow.select(sender["id"])
            await _fill(flow, sender["id"], "/host", "127.0.0.1")
            await _fill(flow, sender["id"], "/port", str(mails.port))
            await _fill(flow, sender["id"], "/username", "ann")
            await _fill(flow, sender["id"], "/from", "Approvals <ann@example.com>")
            if sender["settings"].get("to"):
                await flow.field("/to/0").fill("head@example.com")
                await flow.field("/to/0").press("Enter")
                await flow.until(lambda now, node=sender["id"]: _setting(now, node, "to") == "['head@example.com']")
            await flow.field("/authority").fill(trusted)
            await flow.field("/authority").blur()
            await flow.until(lambda now, node=sender["id"]: _setting(now, node, "authority") == trusted)
        have = lambda nodes: sum(_has_taken(node, trusted.splitlines()[1]) for node in nodes) == 2  # noqa: E731
        await read_until(lambda: asyncio.to_thread(product.nodes), have, 60)

        await page.goto(f"{_project(page)}/dashboards/")
        await page.get_by_role("button", name="New page").click()
        await page.get_by_role("button", name="Page", exact=True).click()
        await page.get_by_role("dialog").get_by_label("Name").fill("Approvals")
        await page.keyboard.press("Escape")
        for form in ("Ask", "Decide"):
            await page.get_by_role("toolbar").get_by_role("button", name="Add node").click()
            await page.get_by_role("dialog").get_by_role("button", name=re.compile(form)).click()
        await page.get_by_role("button", name="Done").click()
        ask = page.locator(".widget").filter(has=page.get_by_label("Who asks"))
        decide = page.locator(".widget").filter(has=page.get_by_label("Granted"))

        asked = {"Who asks": "Ada", "Mail address": "ada@example.com", "What for": "A pump", "Sum in EUR": "250"}
        await _submit(ask, asked)
        await _sent(mails, 1, "head@example.com", "Ada (ada@example.com) asks for 250 EUR: A pump.")
        await decide.get_by_label("Granted").check()
        await _submit(decide, {"Mail address of who asked": "ada@example.com", "What for": "A pump", "Remark": "Soon"})
        await _sent(mails, 2, "ada@example.com", "Granted: A pump. Soon")


def _has_taken(node: dict[str, Any], setting: str) -> bool:
    """Whether a node of the cluster says that it has seen settings with that."""
    seen = node.get("status", {}).get("observedGeneration") == node["metadata"]["generation"]
    settings = [one["configuration"] for one in node["spec"].get("ports", ()) if one["port"] == "_settings"]
    return seen and any(setting in base64.b64decode(one).decode() for one in settings)


async def _submit(form: Locator, answers: Mapping[str, str]) -> None:
    for title, text in answers.items():
        await form.get_by_label(title).fill(text)
    await form.get_by_role("button", name="Submit", exact=True).click()


async def _sent(mails: MailServer, count: int, to: str, text: str) -> None:
    """Waits until so many mails have come, the last of them to that address with that text."""
    await eventually(lambda: len(mails.taken) == count, 30)
    last = mails.taken[-1]
    assert last.recipients == [to]
    assert text in last.message.get_content()


async def _from_template(page: Page, product: Product, name: str) -> FlowPage:
    await page.goto(f"{product.url}/templates/howto/{name}/")
    assert await faults(page) == []
    await page.get_by_role("button", name="Use this template").click()
    await page.wait_for_url(people.FLOW)
    await page.get_by_text("Live", exact=True).wait_for()
    found = people.FLOW.search(page.url)
    assert found
    return FlowPage(page, found[1])


async def _fill(flow: FlowPage, node: str, pointer: str, text: str) -> None:
    field = flow.field(pointer)
    await field.fill(text)
    await field.press("Enter")
    await flow.until(lambda now: _setting(now, node, pointer[1:]) == text)


def _setting(document: dict[str, Any], node: str, name: str) -> str:
    row = next(one for one in document["nodes"] if one["id"] == node)
    return str(row["settings"].get(name))


async def _add_secret(page: Page, name: str, key: str, value: str) -> None:
    await page.goto(f"{_project(page)}/secrets/")
    for label, text in (("Name", name), ("Key", key), ("Value", value)):
        await page.get_by_label(label, exact=True).fill(text)
    await page.get_by_role("button", name="Add secret").click()
    await page.get_by_role("list", name="Secrets").locator(".rows__name", has_text=f"{name}/{key}").wait_for()


async def _allow(page: Page, place: str) -> None:
    await page.goto(f"{_project(page)}/outbound/")
    await page.get_by_label("Place").fill(place)
    await page.get_by_role("button", name="Allow", exact=True).click()
    await page.get_by_role("list", name="Allowed places").get_by_role("code").filter(has_text=place).wait_for()


def _project(page: Page) -> str:
    """The address of the project that the page belongs to."""
    return "/".join(page.url.split("/")[:5])


def _send(url: str) -> int:
    """One row as a CSV file; the status, 0 where nobody answers yet."""
    request = urllib.request.Request(url, b"number,sku,pieces\n1,pen,2\n", {"Content-Type": "text/csv"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return int(refused.code)
    except OSError:
        return 0
