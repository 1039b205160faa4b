"""The ports that the product listens on, checked before anything starts."""

import errno
import os
import socket

from config.supervisor.errors import StartError

HOST = "127.0.0.1"


def port_from(variable: str, default: int) -> int:
    """The free port that `variable` names; 0 chooses one. Raises StartError when it is no port, or taken."""
    text = os.environ.get(variable, "") or str(default)
    if not text.isdecimal() or int(text) > 65_535:
        raise StartError(f"{variable} must be a port from 0 to 65535, not {text!r}.")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do it: a port whose last connections are still fading away counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            reason = (
                "is taken by another program" if error.errno == errno.EADDRINUSE else f"is refused ({error.strerror})"
            )
            raise StartError(f"Port {text} {reason}. Stop that program or set {variable} to another port.") from error
        return int(probe.getsockname()[1])
