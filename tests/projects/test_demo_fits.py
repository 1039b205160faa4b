"""The demo fits the components it is made of, as their modules announce them."""

from collections.abc import Mapping

import pytest
from django.contrib.auth.models import User

from modules.common import module as common
from modules.http import module as http
from projects import demo
from projects.catalogue import Component, Port
from projects.models import Node
from projects.operations.schemas import faults


class _ShippedCatalogue:
    def component(self, module: str, component: str) -> Component | None:
        shipped = {common.name: common, http.name: http}[module].components.get(component)
        if shipped is None:
            return None
        ports = {port.name: Port(port.name, port.source, port.schema) for port in shipped.ports}
        return Component(module, component, ports)

    def node_ports(self, resource_name: str) -> Mapping[str, Port]:
        return {}


def test_components_ports_settings_and_mappings_are_accepted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_DemoCatalogue", _ShippedCatalogue)
    demo.create_demo_project(User.objects.create_user("owner"))
    for node in Node.objects.prefetch_related("edges_in"):
        component = _ShippedCatalogue().component(node.module, node.component)
        assert component is not None
        settings = component.ports["_settings"].schema
        assert settings is not None
        assert not faults(settings, node.settings)
        for edge in node.edges_in.all():
            fields = (component.ports[edge.target_port].schema or {}).get("properties")
            assert fields is None or set(edge.mapping) <= set(fields)
