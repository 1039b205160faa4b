"""What django-allauth asks us (ADR 72)."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from projects.asking import asking


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in in steps with limits; pages, mails and messages are our own."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that attempts are counted by: the one that is recorded, proxies seen through."""
        return asking().address or "unknown"

    def get_login_stages(self) -> list[str]:
        return ["projects.accounts.second_step.SecondStep"]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account by themselves: people are invited."""
        return False

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        return redirect("sign_in")
