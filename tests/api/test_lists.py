"""Lists: order, selection, pages of one state, and versions."""

import pytest

from tests.api.servers import ApiServer, node


async def fill(server: ApiServer, count: int) -> list[str]:
    for number in range(count):
        await server.make(node(f"p.m.n-{number}"))
    return [f"p.m.n-{number}" for number in range(count)]


async def test_a_list_is_in_the_order_of_names(server: ApiServer) -> None:
    for name in ("p.m.b", "p.m.a", "p.m.c"):
        await server.make(node(name))
    _, page = await server.call("GET", server.path())
    assert page["kind"] == "TinyNodeList"
    assert [item["metadata"]["name"] for item in page["items"]] == ["p.m.a", "p.m.b", "p.m.c"]
    newest = max(int(item["metadata"]["resourceVersion"]) for item in page["items"])
    assert int(page["metadata"]["resourceVersion"]) >= newest


async def test_all_namespaces_have_one_list(server: ApiServer) -> None:
    made = await server.make(node("p.m.a"))
    _, page = await server.call("GET", server.path().replace(f"/namespaces/{server.namespace}", ""))
    assert made["metadata"]["uid"] in [item["metadata"]["uid"] for item in page["items"]]


async def test_pages_show_one_state_while_writes_go_on(server: ApiServer) -> None:
    wanted = await fill(server, 9)
    _, page = await server.call("GET", server.path(), {"limit": "4"})
    assert page["metadata"]["remainingItemCount"] == 5
    await server.call("DELETE", server.path(name="p.m.n-5"))
    await server.make(node("p.m.n-55"))
    names = [item["metadata"]["name"] for item in page["items"]]
    versions = {page["metadata"]["resourceVersion"]}
    while token := page["metadata"].get("continue"):
        _, page = await server.call("GET", server.path(), {"limit": "4", "continue": token})
        names += [item["metadata"]["name"] for item in page["items"]]
        versions.add(page["metadata"]["resourceVersion"])
    assert names == wanted
    assert len(versions) == 1


async def test_pages_of_a_selection_do_not_say_how_many_remain(server: ApiServer) -> None:
    for number in range(3):
        await server.make(node(f"p.m.n-{number}", labels={"a": "1"}))
    _, page = await server.call("GET", server.path(), {"limit": "2", "labelSelector": "a=1"})
    assert len(page["items"]) == 2
    assert "remainingItemCount" not in page["metadata"]
    _, rest = await server.call(
        "GET", server.path(), {"limit": "2", "labelSelector": "a=1", "continue": page["metadata"]["continue"]}
    )
    assert [item["metadata"]["name"] for item in rest["items"]] == ["p.m.n-2"]


async def test_a_page_of_a_forgotten_state_says_how_to_go_on(server: ApiServer) -> None:
    await fill(server, 4)
    _, page = await server.call("GET", server.path(), {"limit": "2"})
    await server.make(node("p.m.n-9"))
    await server.forget()
    query = {"limit": "2", "continue": page["metadata"]["continue"]}
    status, answer = await server.call("GET", server.path(), query)
    assert (status, answer["reason"]) == (410, "Expired")
    _, rest = await server.call("GET", server.path(), {"continue": answer["metadata"]["continue"]})
    assert [item["metadata"]["name"] for item in rest["items"]] == ["p.m.n-2", "p.m.n-3", "p.m.n-9"]


async def test_tokens_that_are_none(server: ApiServer) -> None:
    assert (await server.call("GET", server.path(), {"limit": "1", "continue": "garbage"}))[0] == 400


async def test_a_list_of_an_older_state(server: ApiServer) -> None:
    first = await server.make(node("p.m.a"))
    await server.make(node("p.m.b"))
    version = first["metadata"]["resourceVersion"]
    exact = {"resourceVersion": version, "resourceVersionMatch": "Exact"}
    _, page = await server.call("GET", server.path(), exact)
    assert ([item["metadata"]["name"] for item in page["items"]], page["metadata"]["resourceVersion"]) == (
        ["p.m.a"],
        version,
    )
    newer = {"resourceVersion": version, "resourceVersionMatch": "NotOlderThan"}
    assert len(await server.names(newer)) in (1, 2)
    await server.make(node("p.m.c"))
    await server.forget()
    status, answer = await server.call("GET", server.path(), exact)
    assert (status, answer["reason"]) == (410, "Expired")


@pytest.mark.parametrize(
    "query",
    [
        {"resourceVersionMatch": "Exact"},
        {"resourceVersion": "0", "resourceVersionMatch": "Exact"},
        {"resourceVersion": "5", "resourceVersionMatch": "Sometimes"},
    ],
)
async def test_options_that_contradict_each_other(query: dict[str, str], server: ApiServer) -> None:
    status, answer = await server.call("GET", server.path(), query)
    assert (status, answer["reason"]) == (422, "Invalid")


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("tier=1", ["p.m.a"]),
        ("tier==1", ["p.m.a"]),
        ("tier!=1", ["p.m.b", "p.m.c"]),
        ("tier in (1,2)", ["p.m.a", "p.m.b"]),
        ("tier notin (1)", ["p.m.b", "p.m.c"]),
        ("tier", ["p.m.a", "p.m.b"]),
        ("!tier", ["p.m.c"]),
        ("tier>1", ["p.m.b"]),
        ("tier<2", ["p.m.a"]),
        ("tier,app=x", ["p.m.b"]),
        ("app in (x,y),tier notin (2)", ["p.m.c"]),
        ("x.io/name", []),
        ("", ["p.m.a", "p.m.b", "p.m.c"]),
    ],
)
async def test_label_selectors(selector: str, expected: list[str], server: ApiServer) -> None:
    for name, labels in (("p.m.a", {"tier": "1"}), ("p.m.b", {"tier": "2", "app": "x"}), ("p.m.c", {"app": "y"})):
        await server.make(node(name, labels=labels))
    assert await server.names({"labelSelector": selector}) == expected


@pytest.mark.parametrize("selector", ["a in b", "a in (b", "a b", "=b", "a>b", "a/b/c", "a=" + "x" * 64, "-a", "!!"])
async def test_selectors_that_are_none(selector: str, server: ApiServer) -> None:
    status, answer = await server.call("GET", server.path(), {"labelSelector": selector})
    assert (status, answer["reason"]) == (400, "BadRequest")


async def test_field_selectors(server: ApiServer) -> None:
    for name in ("p.m.a", "p.m.b"):
        await server.make(node(name))
    assert await server.names({"fieldSelector": "metadata.name=p.m.b"}) == ["p.m.b"]
    assert await server.names({"fieldSelector": "metadata.name!=p.m.b"}) == ["p.m.a"]
    status, answer = await server.call("GET", server.path(), {"fieldSelector": "spec.module=m"})
    assert (status, answer["message"]) == (400, "field label not supported: spec.module")


async def test_events_are_found_by_what_they_are_about(server: ApiServer) -> None:
    for name in ("a", "b"):
        about = {"namespace": server.namespace, "kind": "TinyNode", "name": f"p.m.{name}"}
        await server.make({"metadata": {"name": f"e-{name}"}, "involvedObject": about, "reason": "Started"}, "events")
    for selector, expected in (
        ("involvedObject.name=p.m.a,involvedObject.kind=TinyNode", ["e-a"]),
        ("involvedObject.name=other", []),
        ("involvedObject.name!=p.m.a", ["e-b"]),
        ("reason!=Started", []),
    ):
        assert await server.names({"fieldSelector": selector}, "events") == expected, selector
