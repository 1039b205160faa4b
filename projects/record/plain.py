"""Sentences of actions that say more by their own words than by the general ones."""

from collections.abc import Mapping
from typing import Any

SAID: dict[str, str] = {
    "member.add": "made {name} {role} of the project",
    "member.change": "made {name} {role} instead of {was_role}",
    "member.remove": "took {name} out of the project",
    "team_access.give": "shared the project with the team {name} as {role}",
    "team_access.change": "made the team {name} {role} instead of {was_role}",
    "team_access.withdraw": "no longer shares the project with the team {name}",
    "team_member.add": "took {name} into the team {team} as {role}",
    "team_member.change": "made {name} {role} of the team {team} instead of {was_role}",
    "team_member.remove": "took {name} out of the team {was_team}",
    "secret.create": "added the secret {name}",
    "secret.replace": "gave the secret {name} another value",
    "secret.delete": "deleted the secret {name}",
    "secret.refuse": "could not store the secret {name}",
    "share_link.create": "made a link that shows {name} for {days} days",
    "share_link.revoke": "ended a link that showed {name}",
    "version.create": "named a version of {flow} {name}",
    "version.restore": "took {name} back to {version}",
    "session.start": "signed in",
    "session.end": "signed out",
    "session.refuse": "could not sign in",
    "signin_link.create": "made a sign-in link for {name}",
    "session.revoke": "ended sessions of {name}",
    "user.create": "came in as a new person",
    "user.change": "set another mail address",
    "account.close": "closed the account of {name}",
    "account.reopen": "opened the account of {name} again",
    "password.change": "set a new password",
    "password.invite": "made a link for a new password of {name}",
    "factor.add": "set up a second factor",
    "factor.remove": "removed their second factor",
    "factor.renew": "made new recovery codes",
    "factor.use": "proved who they are by a second factor",
    "identity.add": "connected their account with the OpenID provider",
    "identity.remove": "disconnected their account from the OpenID provider",
    "invitation.send": "invited somebody to {name} as {role}",
    "invitation.refuse": "could not invite more people to {name} for a while",
    "invitation.revoke": "took an invitation to {name} back",
    "invitation.accept": "accepted the invitation of {by} to {name} as {role}",
    "token.create": "made the API token {name}",
    "token.revoke": "revoked the API token {name}",
    "audit.export": "exported the audit",
    "audit.retain": "keeps the audit for {days} days instead of {was_days}",
}


def said(
    action: str, name: str, before: Mapping[str, Any], after: Mapping[str, Any], flow: str
) -> list[tuple[str, str]]:
    """The sentence in parts, each `(text, what)`: `what` is `""`, `name` or `flow` for what is named. Empty where there
    is none for the action, or something that it says is not known."""
    text = SAID.get(action)
    if text is None:
        return []
    known = {
        **{key: str(value) for key, value in after.items() if isinstance(value, str | int)},
        **{f"was_{key}": str(value) for key, value in before.items() if isinstance(value, str | int)},
        "version": str(after.get("version") or f"revision {after.get('revision')}"),
        "name": name,
        "flow": flow,
    }
    parts: list[tuple[str, str]] = []
    for piece in text.replace("}", "{").split("{"):
        if len(parts) % 2 == 0:
            parts.append((piece, ""))
        elif known.get(piece):
            parts.append((known[piece], piece if piece in ("name", "flow") else ""))
        else:
            return []
    return [part for part in parts if part[0]]
