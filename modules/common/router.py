"""The router."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import StringConstraints, field_validator

from weirflow import Component, Context, Fail, Field, Model, Port, Result, input

DEFAULT_PORT = "default"
#: The definition of what goes in and comes out.
ROUTED = "routed-message"
RouteName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=40)]


class Condition(Model):
    """What a mapping gives for one route."""

    route: str = Field(title="Route", description="Name of the route", configurable=True)
    condition: Any = Field(
        None,
        title="Condition",
        description="The message takes this route unless it is false, 0, empty or null",
        configurable=True,
    )


class RouterInput(Model):
    """A message and the conditions that decide where it goes."""

    context: Any = Field(None, title="Message", description="Passed on as it is", configurable=True, id=ROUTED)
    conditions: list[Condition] = Field(
        default_factory=list, title="Conditions", description="The first that holds decides", configurable=True
    )


class Router(Component):
    """Sends a message out of one of several ports.

    Each name in the settings' `routes` is an output. The mapping of the incoming edge works the conditions out; the
    first that holds decides, and a message for which none does leaves by the default port. The answer is that of the
    route taken.

    Errors, both permanent: `no_route` when no condition holds and the default port is off, `unknown_route` when a
    mapping names a route that the settings do not have.
    """

    category = "Flow"
    icon = "router"
    tags = ("condition", "switch", "if", "branch")

    class Settings(Model):
        routes: list[RouteName] = Field(
            ["a", "b"],
            title="Routes",
            description="Names of the outputs: letters, digits, - and _",
            max_length=50,
            shared=True,
        )
        enable_default_port: bool = Field(
            True, title="Default port", description="Off: a message without a route is an error"
        )

        @field_validator("routes")
        @classmethod
        def _distinct(cls, routes: list[str]) -> list[str]:
            taken = {"in", DEFAULT_PORT}
            for route in routes:
                if route in taken:
                    raise ValueError(f"the name {route!r} is taken; each route needs one of its own")
                taken.add(route)
            return routes

    settings: Settings

    def ports(self) -> list[Port]:
        routes = list(self.settings.routes)
        if self.settings.enable_default_port:
            routes.append(DEFAULT_PORT)
        return [*super().ports(), *(Port.output(route, definition=ROUTED) for route in routes)]

    @input("in", label="In")
    async def route(self, ctx: Context, message: RouterInput) -> Result:
        taken = next((item.route for item in message.conditions if item.condition), None)
        if taken is None:
            if not self.settings.enable_default_port:
                raise Fail(
                    "no condition holds and the default port is off; add a condition, or switch the default port on",
                    code="no_route",
                    permanent=True,
                )
            taken = DEFAULT_PORT
        elif taken not in self.settings.routes:
            raise Fail(
                f"there is no route {taken!r}; the settings have: {', '.join(self.settings.routes) or 'none'}",
                code="unknown_route",
                permanent=True,
                field="/conditions",
            )
        return await self.emit(ctx, taken, message.context)
