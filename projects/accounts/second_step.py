"""The step between a right password and being signed in, for those who have a second factor."""

from typing import Any

from allauth.account.stages import LoginStage, LoginStageController
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def has_second_factor(person: User) -> bool:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


class SecondStep(LoginStage):
    """Sends whoever has a second factor to its page; signing in goes on from there."""

    key = "weirflow_second_step"
    urlname = "sign_in_code"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not has_second_factor(self.login.user):
            return None, True
        return redirect(self.urlname), True


def waiting_step(request: HttpRequest) -> Any:
    """The step that this browser has come to; None when no sign-in waits for it."""
    return LoginStageController.enter(request, SecondStep.key)
