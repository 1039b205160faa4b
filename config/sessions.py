"""Who is signed in, asked with prepared queries: every page and every request of the API asks."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
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
    """Django's users."""

    def get_user(self, user_id: int) -> User | None:
        user = _user.first(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
