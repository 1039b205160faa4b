"""Who may come in by an OpenID Connect provider. Loaded only where one is set (ADR 73).

The exchange is django-allauth's; whom to believe what is decided here. A person is known by the provider's `sub` and by
nothing else: an account is never found by a mail address.
"""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.signals import social_account_added
from django.conf import settings
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from projects.accounts.invitations import open_invitation
from projects.audit import audit

log = logging.getLogger(__name__)

INVITED = "invited_by"
"""Key of the session: the token of the invitation that brought this browser here."""
_KEPT_CLAIMS = ("sub", "preferred_username", "name", "email")


class OidcAdapter(DefaultSocialAccountAdapter):
    """What django-allauth asks us about people who come from the provider."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Sees who it is, before anything is decided."""
        claims = sociallogin.account.extra_data
        told, signed = claims.get("userinfo") or {}, claims.get("id_token") or {}
        if signed and told and signed.get("sub") != told.get("sub"):
            # OpenID Connect Core 5.3.2: an answer about somebody else must not be used.
            raise ImmediateHttpResponse(refused(request, "The provider answered about somebody else."))
        person = told or signed
        sociallogin.account.extra_data = {"userinfo": {key: person[key] for key in _KEPT_CLAIMS if key in person}}
        address = verified_address(person)
        sociallogin.email_addresses = []
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        sociallogin.user.email = address
        # Nobody is called by an address: people sign in by theirs.
        sociallogin.user.username = sociallogin.user.username.partition("@")[0]
        if address and User.objects.filter(email__iexact=address).exists():
            message = (
                f"There is an account with your mail address: sign in to it, and connect {settings.OIDC_NAME} there, "
                "under your name."
            )
            raise ImmediateHttpResponse(refused(request, message))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whether somebody whom we do not know may have an account: who was invited, and people of the domains in the
        settings."""
        if open_invitation(request.session.get(INVITED, "")) is not None:
            return True
        address = sociallogin.user.email
        domains = {domain.lower() for domain in settings.OIDC_DOMAINS}
        return "*" in domains or (bool(address) and address.rpartition("@")[2].lower() in domains)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        person: User = super().save_user(request, sociallogin, form)
        audit(person, "user.create", person, after={"by": settings.OIDC_NAME})
        return person

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("security")

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        log.warning("signing in by %s failed: %s %s", settings.OIDC_NAME, error, type(exception).__name__)
        raise ImmediateHttpResponse(refused(request, f"{settings.OIDC_NAME} did not say who you are. Try again."))


@receiver(social_account_added)
def connected(request: HttpRequest, **_: Any) -> None:
    """An account that there was has been connected."""
    audit(request.user, "identity.add", request.user)


def verified_address(claims: dict[str, Any]) -> str:
    """The mail address, if the provider has made sure of it."""
    address = claims.get("email")
    # Some say it as text.
    verified = claims.get("email_verified") in (True, "true")
    return address if verified and isinstance(address, str) and "@" in address and len(address) <= 254 else ""


def identities_of(person: User) -> list[SocialAccount]:
    return list(SocialAccount.objects.filter(user=person).order_by("pk"))


def refused(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "account/oidc_refused.html", {"why": why, "provider": settings.OIDC_NAME}, status=403)
