"""What flows may call: what the operator says, and how far projects have opened it."""

from collections.abc import Iterator

from django.db.utils import Error

from config.doctor.finding import Said, error, note, ok, warning
from config.env import env_list
from weirflow.outbound.entries import BadEntry, read_entry
from weirflow.runtime.options import OptionError, operators_outbound

NAMED, MOST = 5, 10_000
#: What no project of a server for many should be able to list.
NEAREST = ("loopback", "metadata")


def look() -> Iterator[Said]:
    try:
        operator = operators_outbound()
    except OptionError as wrong:
        yield error(f"{wrong}.", "Correct it: module hosts do not start with it.")
        return
    denied = [entry.text.lower() for entry in operator.operator_deny]
    open_ones = [kind for kind in NEAREST if kind not in denied]
    if env_list("WEIRFLOW_ALLOWED_HOSTS") and open_ones:
        yield note(
            f"Owners of projects may let flows call: {', '.join(open_ones)}.",
            f"Where they are not those who run the server, set WEIRFLOW_OUTBOUND_DENY={','.join(NEAREST)}.",
        )
    if operator.operator_allow:
        yield note(f"Every project may call {', '.join(entry.text for entry in operator.operator_allow)}.")
    yield from _projects()


def _projects() -> Iterator[Said]:
    from projects.models import Project
    from projects.outbound import outbound_of

    try:
        projects = list(Project.objects.exclude(outbound={}).order_by("name")[:MOST])
    except Error:
        yield note("The lists of projects could not be read: see the database above.")
        return
    rules = {project: outbound_of(project) for project in projects}
    broken = [project.name for project, one in rules.items() if not all(map(_is_entry, one["allow"]))]
    if broken:
        more = f" and {len(broken) - NAMED} more" if len(broken) > NAMED else ""
        yield warning(
            f"Entries of {', '.join(broken[:NAMED])}{more} cannot be read, and allow nothing.",
            "Correct them on the project's page Outbound.",
        )
    listing, only = sum(bool(one["allow"]) for one in rules.values()), sum(one["only"] for one in rules.values())
    yield ok(f"{_count(listing)} may call more than the internet, {only or 'none'} only what is listed.")


def _is_entry(line: str) -> bool:
    try:
        read_entry(line)
    except BadEntry:
        return False
    return True


def _count(number: int) -> str:
    return f"{number or 'No'} project{'' if number == 1 else 's'}"
