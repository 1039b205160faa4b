"""What modules announce."""

from typing import Any

from editor.cluster.catalogue import parse_module
from editor.cluster.modules import Modules
from editor.cluster.observed import observe
from modules.common.debug import Debug
from modules.common.ticker import Ticker
from modules.http.http_server import HttpServer
from tests.editor.cluster import COMPONENTS, port
from weirflow.runtime.status import component_status
from weirflow.spec import spec_of


def module(**status: Any) -> dict[str, Any]:
    return {"metadata": {"name": "test-v1"}, "status": {"version": "1.0", "components": COMPONENTS, **status}}


def test_a_schema_that_cannot_be_read_costs_only_itself() -> None:
    broken = {**port("in"), "schema": "not base64"}
    parsed = parse_module(module(components=[{"name": "odd_one", "ports": [broken, port("out", source=True)]}]))
    (component,) = parsed["components"]
    assert component["title"] == "Odd one"
    assert [(p["name"], p["schema"]) for p in component["ports"]] == [("in", None), ("out", {"type": "object"})]


def test_a_source_says_where_it_runs() -> None:
    announced = [component_status(spec_of(component)) for component in (Ticker, HttpServer, Debug)]
    assert [each["runsOn"] for each in parse_module(module(components=announced))["components"]] == [
        "leader",
        "every",
        "",
    ]
    odd = [{"name": "odd", "runsOn": "on Mars"}, {"name": "older"}]
    assert [each["runsOn"] for each in parse_module(module(components=odd))["components"]] == ["", ""]


def test_a_module_that_has_not_registered_yet_offers_nothing() -> None:
    assert parse_module({"metadata": {"name": "new-v1"}})["components"] == []


def test_only_real_changes_of_a_module_are_told() -> None:
    modules = Modules()
    assert modules.put("test-v1", module())
    assert not modules.put("test-v1", module())
    assert modules.put("test-v1", module(version="1.1"))
    assert modules.put("test-v1", None)
    assert not modules.put("test-v1", None)
    assert modules.find("test-v1", "counter") is None


def node(*ports: dict[str, Any]) -> dict[str, Any]:
    spec = {"module": "test-v1", "component": "counter"}
    return {"metadata": {"name": "p.test-v1.counter-x"}, "spec": spec, "status": {"ports": list(ports)}}


def test_own_ports_are_told_only_where_they_differ_from_the_components() -> None:
    modules = Modules()
    modules.put("test-v1", module())
    usual = observe(node(port("_control", source=True), port("in"), port("out", source=True)))
    assert modules.own_ports(usual) is None
    more = observe(node(port("in"), port("out", source=True), port("else", source=True)))
    assert [p["name"] for p in modules.own_ports(more) or ()] == ["in", "out", "else"]
    other = observe(node(port("in", schema={"type": "array"}), port("out", source=True)))
    assert modules.own_ports(other) is not None
    panel = port("_control", source=True, schema={"type": "object", "title": "A form of its own"})
    form = observe(node(panel, port("in"), port("out", source=True)))
    assert [p["name"] for p in modules.own_ports(form) or ()] == ["_control", "in", "out"]
    assert modules.own_ports(observe(node())) is None
