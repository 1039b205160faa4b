"""Templates as the pages of new flows and projects show them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from projects.catalogue import Component, Port
from projects.exchange.templates import Template, templates
from projects.preview import Preview, draw

MAX_SEARCH = 100


class NoComponents:
    """A catalogue that knows nothing: a template is let in as it is."""

    def component(self, module: str, component: str) -> Component | None:
        return None

    def node_ports(self, resource_name: str) -> Mapping[str, Port]:
        return {}


def gallery(request: HttpRequest) -> dict[str, Any]:
    """``{templates, template_search, template}``: those that hold each word that is looked for (`?q=`), with pictures,
    and which is chosen (`?template=` or what was posted)."""
    search = request.GET.get("q", "").strip()[:MAX_SEARCH]
    words = search.lower().split()
    found = [one for one in templates() if all(word in _words(one) for word in words)]
    chosen = request.POST.get("template", request.GET.get("template", ""))
    return {
        "templates": [{"about": one, "preview": picture(one)} for one in found],
        "template_search": search,
        "template": chosen if any(one.id == chosen for one in found) else "",
    }


def _words(one: Template) -> str:
    return " ".join((one.name, one.description, *one.components)).lower()


def picture(one: Template) -> Preview | None:
    """Of its nodes and wires; none where there are none."""
    places = {str(at): (x, y) for at, (x, y, _, _) in enumerate(one.nodes)}
    return draw(places, [(str(source), str(target)) for source, target in one.wires]) if places else None
