"""Projects that nobody owns: accounts were closed by a hand in the database, or before Weirflow looked after that."""

from collections.abc import Iterator

from django.db.utils import Error

from config.doctor.finding import Said, note, ok, warning

NAMED = 5


def look() -> Iterator[Said]:
    from projects.ownership import ownerless

    try:
        found = ownerless()
        count, names = found.count(), list(found.order_by("name").values_list("name", flat=True)[:NAMED])
    except Error:
        yield note("It could not be read who owns which project: see the database above.")
        return
    if not count:
        yield ok("Every project has an owner.")
        return
    more = f" and {count - NAMED} more" if count > NAMED else ""
    yield warning(
        f"Nobody owns {', '.join(names)}{more}.",
        "Give them to somebody: People, on the page of projects, for the owner of the installation.",
    )
