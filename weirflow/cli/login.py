"""`weirflow login` and `weirflow logout`."""

from __future__ import annotations

import sys

import click

from weirflow.cli.command import command
from weirflow.cli.failures import Exit, Failure
from weirflow.cli.out import Out

HELP = """Sign in to a Weirflow with an API token, for `apply` and `export`.

Make a token under your name, API tokens; it needs the verbs that you want to use: view to export, edit to apply. It is
asked for without being shown, or read from standard input where that is no terminal, and kept in
~/.config/weirflow/servers.json, which only you can read. WEIRFLOW_URL and WEIRFLOW_TOKEN go before what is kept.
"""


@command("login", help=HELP)
@click.argument("url")
def login(out: Out, url: str) -> None:
    """Try the token, and keep it."""
    from weirflow.cli.accounts import Account, checked_url, keep
    from weirflow.cli.server import Server

    url = checked_url(url)
    if sys.stdin.isatty():
        out.note(f"Make a token here, if you have none: {url}/account/tokens/")
        token = click.prompt("Token", hide_input=True, err=True).strip()
    else:
        token = sys.stdin.readline(1000).strip()
    if not token.startswith("wf_"):
        text = f"a token begins with wf_; make one on {url}/account/tokens/"
        raise Failure(text, code="bad_token", exit=Exit.USAGE)
    account = Account(url, token)
    out.progress(f"asking {url}")
    projects = Server(account).get("/projects", limit=1)["projects"]
    file = keep(account)
    out.answer({"url": url, "file": str(file), "sees_projects": bool(projects)}, f"signed in to {url}; kept in {file}")


@command("logout", help="Forget the token of a server (the current one).")
@click.argument("url", required=False)
def logout(out: Out, url: str | None) -> None:
    """Forget it here; it stays good until it is revoked there."""
    from weirflow.cli.accounts import checked_url, forget, read_kept

    url = checked_url(url or str(read_kept().get("current") or ""))
    if not forget(url):
        raise Failure(f"no token is kept for {url}", code="not_signed_in", exit=Exit.MISSING)
    text = f"forgot the token of {url}; revoke it on {url}/account/tokens/ where nothing else uses it"
    out.answer({"url": url}, text)
