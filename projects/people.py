"""Finding somebody by what is known of them."""

from django.contrib.auth.models import User

from projects.errors import ProjectError

MAX_LENGTH = 254


def find_person(text: str) -> User:
    """The person with exactly this name or e-mail address. Raises ProjectError for nobody, and for more than one.

    Nothing is searched for: who is asked by half a name would learn who is here.
    """
    wanted = text.strip()
    if not wanted or len(wanted) > MAX_LENGTH:
        raise ProjectError("no_such_person", "Write the name or e-mail address of a person.", field="/person")
    named = User.objects.filter(username=wanted, is_active=True).first()
    if named is not None:
        return named
    found = list(User.objects.filter(email__iexact=wanted, is_active=True)[:2]) if "@" in wanted else []
    if len(found) != 1:
        message = f"Nobody here has exactly the name or e-mail address {wanted}."
        raise ProjectError("no_such_person", message, 422, field="/person")
    return found[0]
