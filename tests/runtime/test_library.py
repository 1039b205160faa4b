"""Shipped components on a real host: what the harness cannot show of them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from tests.modules.mail_server import mail_server
from tests.runtime.world import World, world
from tests.waiting import eventually
from weirflow.kube.resources import TINY_MODULE, TINY_NODE

PACKAGES = ("modules.common", "modules.data", "modules.http", "modules.notify")


async def test_requests_are_signed_read_and_answered_and_schedules_remembered(tmp_path: Path) -> None:
    async with world(tmp_path, host=False) as one:
        await one.start_host(packages=PACKAGES)
        await _signed_webhooks(one)
        await _forms_of_other_origins(one)
        await _mail(one)
        await _schedules(one)


async def _signed_webhooks(one: World) -> None:
    hook = await one.add("http_server", {"path": "/hook", "method": "POST", "rawBody": True})
    check = await one.add("webhook_signature", {"scheme": "github", "secret": "s3cret"}, module="http-v1")
    parse = await one.add("csv", {"numbers": True}, module="data-v1")
    mapping = {"raw": "{{ $.raw }}", "headers": "{{ $.headers }}"}
    await one.wire(f"{hook}:request", f"{check}:in", mapping)
    await one.wire(f"{check}:valid", f"{parse}:parse", {"text": "{{ $.body.sheet }}"})
    await one.wire(f"{parse}:parsed", f"{hook}:response", {"body": "{{ $.rows }}"})
    await one.settled(hook, check, parse)

    async def send(body: bytes, secret: bytes = b"s3cret") -> tuple[int, Any]:
        signature = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
        return await one.visit("/hook", method="POST", data=body, headers={"X-Hub-Signature-256": signature})

    body = json.dumps({"sheet": "name,n\npen,2\n"}).encode()
    assert await send(body) == (200, [{"name": "pen", "n": 2}])
    assert (await send(body))[0] == 401
    assert (await send(body + b" ", b"another"))[0] == 401
    many = [json.dumps({"sheet": f"n\n{n}\n"}).encode() for n in range(200)]
    assert await asyncio.gather(*map(send, many)) == [(200, [{"n": n}]) for n in range(200)]


async def _forms_of_other_origins(one: World) -> None:
    settings = {"path": "/form/{id}", "method": "POST", "moreMethods": ["PUT"], "cors": True}
    server = await one.add("http_server", settings)
    await one.wire(
        f"{server}:request", f"{server}:response", {"body": {"id": "{{ $.params.id }}", "got": "{{ $.body }}"}}
    )
    await one.settled(server)
    form = aiohttp.FormData({"note": "grün"})
    form.add_field("file", b"\x00\xff", filename="a.bin", content_type="application/octet-stream")
    got = {"contentType": "application/octet-stream", "filename": "a.bin", "size": 2, "base64": "AP8="}
    assert await one.visit("/form/7", method="PUT", data=form) == (
        200,
        {"id": "7", "got": {"note": "grün", "file": got}},
    )
    asks = {"Origin": "https://app.example", "Access-Control-Request-Method": "PUT"}
    async with one.http.options("/form/7", headers=asks) as answer:
        assert (answer.status, answer.headers["Access-Control-Allow-Methods"]) == (204, "POST, PUT")


async def _mail(one: World) -> None:
    async with mail_server() as server:
        settings = {"host": "127.0.0.1", "port": server.port, "security": "none", "from": "ann@example.com"}
        hook = await one.add("http_server", {"path": "/mail"})
        mail = await one.add("email", settings, module="notify-v1")
        await one.wire(f"{hook}:request", f"{mail}:send", {"to": ["bob@example.com"], "text": "Hello"})
        await one.settled(hook, mail)
        # No project lists the own machine here: the guard of the host refuses it, and the node says so.
        assert (await one.visit("/mail"))[0] == 500
        await one.problem(mail, "outbound_denied")
        assert server.taken == []


async def _schedules(one: World) -> None:
    cron = await one.add("cron", {"expression": "0 9 * * 1-5", "timeZone": "Europe/Berlin"})
    often = await one.add("cron", {"expression": "0 * * * *", "missed": "once"})
    schedule = "0 9 * * 1-5 Europe/Berlin"
    await eventually(lambda: _kept(one, cron, schedule), what="the schedule's state in its resource")
    await eventually(lambda: _kept(one, often, "0 * * * *"), what="the other's")
    panel = await eventually(lambda: _next_run(one, cron), what="the next run on the panel")
    assert panel[10:19] == "T09:00:00"
    modules = await asyncio.gather(*(one.cluster.get(TINY_MODULE, name) for name in ("common-v1", "http-v1")))
    runs_on = {each["name"]: each["runsOn"] for module in modules for each in module["status"]["components"]}
    assert (runs_on["cron"], runs_on["http_server"], runs_on["webhook_signature"]) == ("leader", "every", "")
    await _missed_runs(one, often)


async def _missed_runs(one: World, name: str) -> None:
    """The host dies, is away for three hours as far as the schedule knows, and makes up for them with one run."""
    one.hosts[-1].kill()
    before = (datetime.now(UTC) - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    await one.cluster.patch_status(TINY_NODE, name, {"status": {"metadata": {"cron-handled": before}}})
    await one.start_host(packages=PACKAGES)
    await eventually(lambda: _made_up(one, name), 60, "the run that makes up for those missed")


async def _made_up(one: World, name: str) -> bool:
    state = await one.state(name)
    hour = datetime.now(UTC).strftime("%Y-%m-%dT%H:00:00Z")
    return state["cron-handled"] == state.get("cron-started") == hour


async def _kept(one: World, name: str, schedule: str) -> bool:
    state = await one.state(name)
    return schedule in state.get("cron-schedule", "") and "cron-handled" in state


async def _next_run(one: World, name: str) -> str:
    return str(((await one.port_value(name, "_control")) or {}).get("nextRun") or "")
