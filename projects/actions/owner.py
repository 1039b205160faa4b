"""The person a fresh installation belongs to."""

from django.contrib.auth.models import User
from django.db import transaction

from projects.demo import create_demo_project

OWNER = "owner"


@transaction.atomic
def do_ensure_owner() -> User:
    """The owner of this installation; made at the first call, with the demo project and without a password.

    Only the first call makes the demo: a person who deleted it does not get it back.
    """
    owner = User.objects.filter(is_superuser=True).order_by("pk").first()
    if owner is not None:
        return owner
    owner = User(username=OWNER, is_superuser=True)
    owner.set_unusable_password()
    owner.save()
    create_demo_project(owner)
    return owner
