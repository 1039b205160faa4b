"""Who is signed in, asked with prepared queries: every page and every request of the API asks."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from projects.prepared import Prepared

_session = Prepared(lambda key: Session.objects.filter(session_key=key))
_user = Prepared(lambda user: User.objects.filter(pk=user))


class SessionStore(DatabaseStore):
    """Django's sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        session = _session.first(self.session_key)
        if session is not None and session.expire_date > timezone.now():
            return session
        self._session_key = None
        return None


class PersonBackend(ModelBackend):
    """Django's users, by their name or by their mail address."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        """Who has this password. An address that several people have is nobody's name."""
        if username and "@" in username and not User.objects.filter(username=username).exists():
            names = User.objects.filter(email__iexact=username).values_list("username", flat=True)[:2]
            username = names[0] if len(names) == 1 else username
        found = super().authenticate(request, username=username, password=password)
        return found if isinstance(found, User) else None

    def get_user(self, user_id: int) -> User | None:
        user = _user.first(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
