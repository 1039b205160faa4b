"""What ships reaches other machines by `services.outbound` and by nothing else; import-linter keeps libraries out."""

import re
from pathlib import Path

MODULES = Path(__file__).resolve().parents[2] / "modules"
#: What opens connections or looks names up without a library of its own.
BY_ITSELF = re.compile(
    r"open_connection|create_connection|getaddrinfo|urlopen|(?:import|from) http\.client|sock_connect|create_datagram"
)
#: Libraries that connect by themselves, and what each is given so that it does not: where the guard has been.
GIVEN = {"aiosmtplib": "sock=", "psycopg": "hostaddr="}


def test_no_component_opens_a_connection_by_itself() -> None:
    for path in MODULES.rglob("*.py"):
        found = BY_ITSELF.search(path.read_text())
        assert found is None, f"{path.relative_to(MODULES)} has {found[0]}; use self.services.outbound"


def test_libraries_that_connect_are_given_what_the_guard_has_judged() -> None:
    for path in MODULES.rglob("*.py"):
        text = path.read_text()
        for library, argument in GIVEN.items():
            if re.search(rf"{library}\.(SMTP|AsyncConnection|connect)\b", text):
                assert argument in text, f"{path.relative_to(MODULES)} lets {library} look the server up by itself"
