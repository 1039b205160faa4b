"""Keys of secret state come and go under running hosts, and no secret with them."""

import asyncio
import base64
import hashlib
import hmac
import os
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.ports import free_port
from tests.runtime.test_foreign_writes import alerts, kubectl
from tests.runtime.world import World, world
from tests.waiting import eventually
from weirflow.kube.errors import ApiError
from weirflow.kube.resources import SECRET, STATE_KEYS_SECRET, TINY_NODE
from weirflow.kube.state_keys import StateKeys, key_id_of, read_keys, with_new_key
from weirflow.runtime.link_key import read_link_key

pytestmark = [pytest.mark.server, pytest.mark.kubectl]


async def keys(one: World) -> StateKeys:
    return read_keys(await one.cluster.get(SECRET, STATE_KEYS_SECRET))


async def sealed(one: World, vault: str) -> str:
    return (await one.state(vault)).get("word", "")


async def vault(one: World, word: str, path: str = "") -> str:
    """A node that keeps ``word``, set by a signal; asked for over ``path``."""
    name = await one.add("vault")
    await one.settled(name)
    done = await one.signal(name, "set", {"word": word}, f"set {name}")
    await eventually(lambda: one.signal_gone(done))
    if path:
        server = await one.add("http_server", {"path": path})
        await one.wire(f"{server}:request", f"{name}:try", {"word": word})
        await one.settled(server, name)
    return name


async def opens(one: World, path: str) -> bool:
    status, answer = await one.visit(path)
    return status == 200 and answer["right"]


async def test_a_secret_is_sealed_in_the_resource_and_open_in_the_component(alone: World) -> None:
    name = await vault(alone, "hunter2", "/try")
    primary = (await keys(alone)).primary
    text = await sealed(alone, name)
    assert key_id_of(text) == primary
    assert "hunter2" not in str(await alone.get(name))
    assert await opens(alone, "/try")
    # A change of something else leaves the sealed text alone.
    assert await sealed(alone, name) == text
    alone.hosts[0].kill()
    await alone.start_host()
    await eventually(lambda: opens(alone, "/try"))


async def test_a_new_key_is_taken_up_by_running_hosts_and_the_old_one_may_go(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        await one.start_host(port=free_port())
        names = [await vault(one, f"word {number}") for number in range(12)]
        asked = await vault(one, "hunter2", "/try")
        old = (await keys(one)).primary
        key = base64.b64encode(os.urandom(32)).decode()
        await kubectl(
            one, "patch", "secret", STATE_KEYS_SECRET, "--type=merge", "-p",
            f'{{"stringData": {{"primary": "next"}}, "data": {{"next": "{key}"}}}}',
        )  # fmt: skip

        async def all_sealed_anew() -> bool:
            return all([key_id_of(await sealed(one, name)) == "next" for name in [*names, asked]])

        await eventually(all_sealed_anew)
        await kubectl(one, "patch", "secret", STATE_KEYS_SECRET, "--type=merge", "-p", f'{{"data": {{"{old}": null}}}}')
        assert await opens(one, "/try")
        for host in one.hosts:
            host.kill()
        await one.start_host()
        await eventually(lambda: opens(one, "/try"))
        for name in [*names, asked]:
            assert await alerts(one, name) == []
            assert (await one.status(name))["error"] is False


async def test_a_key_that_is_missing_is_named_on_the_node_and_nothing_is_lost(alone: World) -> None:
    name = await vault(alone, "hunter2", "/try")
    secret = await alone.cluster.get(SECRET, STATE_KEYS_SECRET)
    gone = (await keys(alone)).primary
    text = await sealed(alone, name)
    other = with_new_key({}, "other")
    await alone.cluster.patch(SECRET, STATE_KEYS_SECRET, {"data": {gone: None, **other}})
    # Who has it open goes on, and seals with what is there.
    await eventually(lambda: sealed_with(alone, name, "other"))
    alone.hosts[0].kill()
    await alone.cluster.patch_status(TINY_NODE, name, {"status": {"metadata": {"word": text, "state-version": "90"}}})
    await alone.start_host()
    problem = await alone.problem(name, "state_key_missing")
    assert gone in problem["message"]
    assert (await alone.visit("/try"))[0] >= 500
    assert await sealed(alone, name) == text
    await alone.cluster.patch(SECRET, STATE_KEYS_SECRET, {"data": {gone: secret["data"][gone]}})

    async def well() -> bool:
        return await opens(alone, "/try") and (await alone.status(name))["error"] is False

    await eventually(well)
    await eventually(lambda: sealed_with(alone, name, "other"))


async def sealed_with(one: World, name: str, key: str) -> bool:
    return key_id_of(await sealed(one, name)) == key


async def test_texts_from_before_keys_had_ids_are_read_and_sealed_anew(tmp_path: Path) -> None:
    async with world(tmp_path, host=False) as one:
        key = hmac.new(await read_link_key(one.cluster), b"weirflow state sealing", hashlib.sha256).digest()
        text = Fernet(base64.urlsafe_b64encode(key)).encrypt(b"hunter2").decode()
        name = await one.add("vault")
        state = {"word": text, "tries": "3", "state-version": "4", "state-epoch": "1"}
        await one.cluster.patch_status(TINY_NODE, name, {"status": {"metadata": state}})
        await one.start_host()
        primary = (await keys(one)).primary
        await eventually(lambda: sealed_with(one, name, primary))
        server = await one.add("http_server", {"path": "/try"})
        await one.wire(f"{server}:request", f"{name}:try", {"word": "hunter2"})
        await one.settled(server, name)
        assert await one.visit("/try") == (200, {"right": True, "tries": 4})


async def test_a_cluster_without_keys_says_so_and_works_once_they_are_there(tmp_path: Path) -> None:
    async with world(tmp_path, host=False) as one:
        secret = await one.cluster.get(SECRET, STATE_KEYS_SECRET)
        await one.cluster.delete(SECRET, STATE_KEYS_SECRET)
        await one.start_host()
        name = await one.add("vault")
        await one.settled(name)
        done = await one.signal(name, "set", {"word": "hunter2"}, "set")
        problem = await one.problem(name, "state_key_missing")
        assert STATE_KEYS_SECRET in problem["message"]
        assert await sealed(one, name) == ""
        del secret["metadata"]["resourceVersion"]
        await one.cluster.create(SECRET, secret)
        again = await one.signal(name, "set", {"word": "hunter2"}, "set again")
        await eventually(lambda: one.signal_gone(again))
        assert key_id_of(await sealed(one, name)) == read_keys(secret).primary
        with pytest.raises(ApiError):
            await one.cluster.get(SECRET, "nothing")
        assert not await one.signal_gone(done)


async def test_a_node_made_anew_under_its_name_reads_what_was_put_back(alone: World) -> None:
    """What the undo of a deletion does."""
    name = await vault(alone, "hunter2")
    state = await alone.state(name)
    await alone.cluster.delete(TINY_NODE, name)
    module, component = "faulty-v1", "vault"
    made = await alone.cluster.create(
        TINY_NODE, TINY_NODE.new(name, spec={"module": module, "component": component, "ports": [], "edges": []})
    )
    restored = {**state, "state-restored": made["metadata"]["uid"]}
    await alone.cluster.patch_status(TINY_NODE, name, {"status": {"metadata": restored}})
    server = await alone.add("http_server", {"path": "/try"})
    await alone.wire(f"{server}:request", f"{name}:try", {"word": "hunter2"})
    await alone.settled(server, name)
    await eventually(lambda: opens(alone, "/try"))
    assert await alerts(alone, name) == []


async def test_a_sealed_text_of_one_node_does_not_open_in_another(alone: World) -> None:
    first, second = await asyncio.gather(vault(alone, "hunter2"), vault(alone, "swordfish"))
    stolen = {"word": await sealed(alone, first), "state-version": "90"}
    await alone.cluster.patch_status(TINY_NODE, second, {"status": {"metadata": stolen}})

    async def taken_back() -> bool:
        found = [each["values"]["word"] for each in await alerts(alone, second)]
        redacted = {"lost": "<redacted>", "stands": "<redacted>"}
        return found == [redacted] and await sealed(alone, second) != stolen["word"]

    await eventually(taken_back)
