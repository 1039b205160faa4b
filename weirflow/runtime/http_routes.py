"""Which node answers which path of the flows' listener."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from weirflow.errors import Fail
from weirflow.services import HttpHandler

_PART = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(\*?)\}")


@dataclass(slots=True, eq=False)
class FlowRoute:
    """A path that a node answers on; see ``weirflow.services.Route``."""

    node: str
    method: str
    path: str
    handler: HttpHandler
    max_body: int
    url: str
    pattern: re.Pattern[str] | None
    preflight: HttpHandler | None
    _close: Callable[[FlowRoute], None] = field(repr=False)

    def close(self) -> None:
        self._close(self)


class RouteTable:
    """``find`` costs one look-up for paths without parameters, whatever else is routed. ``on_add`` hears which node has
    a new route."""

    def __init__(self, base_url: str, on_add: Callable[[str], None]) -> None:
        self.base_url = base_url
        self._on_add = on_add
        self._exact: dict[str, dict[str, FlowRoute]] = {}
        self._patterns: dict[str, dict[str, FlowRoute]] = {}

    def add(
        self,
        node: str,
        method: str,
        path: str,
        handler: HttpHandler,
        *,
        max_body: int = 1 << 20,
        preflight: HttpHandler | None = None,
    ) -> FlowRoute:
        """See ``weirflow.services.HttpRoutes.add``."""
        if not path.startswith("/"):
            raise Fail(f"the path {path!r} of {node} must begin with a slash", code="route_invalid")
        pattern = _pattern(path, node)
        key = path if pattern is None else pattern.pattern
        table = self._exact if pattern is None else self._patterns
        methods = table.setdefault(key, {})
        for taken in (method, "*") if method != "*" else tuple(methods):
            other = methods.get(taken)
            if other is not None and other.node != node:
                raise Fail(
                    f"{method} {path} is taken: {other.node} already answers {other.method} {other.path}; "
                    "choose another path",
                    code="route_taken",
                )
        url = self.base_url + path
        route = FlowRoute(node, method, path, handler, max_body, url, pattern, preflight, self._remove)
        methods[method] = route
        self._on_add(node)
        return route

    def find(self, method: str, path: str) -> tuple[FlowRoute | None, dict[str, str], tuple[str, ...]]:
        """The route, its path parameters, and, when only the method is wrong, the methods allowed there."""
        methods = self._exact.get(path)
        if methods is not None:
            if route := _for_method(methods, method):
                return route, {}, ()
            return None, {}, _allowed(methods)
        allowed: tuple[str, ...] = ()
        for methods in self._patterns.values():
            pattern = next(iter(methods.values())).pattern
            assert pattern is not None
            if match := pattern.fullmatch(path):
                if route := _for_method(methods, method):
                    return route, match.groupdict(), ()
                allowed = _allowed(methods)
        return None, {}, allowed

    def find_preflight(self, asked: str, path: str) -> tuple[FlowRoute, dict[str, str]] | None:
        """The route that says whether a page may send the method ``asked``, and its path parameters."""
        route, params, _ = self.find(asked, path)
        if route is None or route.preflight is None:
            return None
        return replace(route, handler=route.preflight), params

    def nodes(self) -> set[str]:
        """The nodes that answer anything."""
        tables = [*self._exact.values(), *self._patterns.values()]
        return {route.node for methods in tables for route in methods.values()}

    def _remove(self, route: FlowRoute) -> None:
        table = self._exact if route.pattern is None else self._patterns
        key = route.path if route.pattern is None else route.pattern.pattern
        methods = table.get(key, {})
        if methods.get(route.method) is route:
            del methods[route.method]
            if not methods:
                del table[key]


def _for_method(methods: dict[str, FlowRoute], method: str) -> FlowRoute | None:
    route = methods.get(method) or methods.get("*")
    return route or (methods.get("GET") if method == "HEAD" else None)


def _allowed(methods: dict[str, FlowRoute]) -> tuple[str, ...]:
    return tuple(sorted({*methods, "HEAD"} if "GET" in methods else methods))


def _pattern(path: str, node: str) -> re.Pattern[str] | None:
    if "{" not in path:
        return None
    *parts, last = path.split("/")
    if any(part.count("{") > 1 for part in (*parts, last)) or any("*}" in part for part in parts):
        # More than one way to read a path would cost time without bound on a path that nearly fits.
        raise Fail(
            f"the path {path!r} of {node} has two parameters between two slashes, or something behind {{rest*}}; "
            "put slashes between parameters, and {rest*} last",
            code="route_invalid",
        )
    text, at = "", 0
    for part in _PART.finditer(path):
        text += re.escape(path[at : part.start()])
        text += f"(?P<{part[1]}>{'(?s:.*)' if part[2] else '[^/]+'})"
        at = part.end()
    rest = path[at:]
    if "{" in rest or "}" in rest:
        raise Fail(f"the path {path!r} of {node} has a brace that is no {{name}}; correct it", code="route_invalid")
    try:
        return re.compile(text + re.escape(rest))
    except re.error as error:
        raise Fail(f"the path {path!r} of {node} names a parameter twice; correct it", code="route_invalid") from error
