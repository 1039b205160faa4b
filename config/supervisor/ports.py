"""The ports that the product listens on, checked before anything starts."""

import errno
import os
import socket

from config.supervisor.errors import StartError

HOST = "127.0.0.1"


# Connections that wait until a module host takes them.
BACKLOG = 1024


def port_from(variable: str, default: int) -> int:
    """The free port that `variable` names; 0 chooses one. Raises StartError when it is no port, or taken."""
    with _bound(variable, default) as probe:
        return int(probe.getsockname()[1])


def listener_from(variable: str, default: int) -> socket.socket:
    """A socket that listens on the port that `variable` names; 0 chooses one. Raises StartError as `port_from` does."""
    listener = _bound(variable, default)
    listener.listen(BACKLOG)
    return listener


def _bound(variable: str, default: int) -> socket.socket:
    text = os.environ.get(variable, "") or str(default)
    if not text.isdecimal() or int(text) > 65_535:
        raise StartError(f"{variable} must be a port from 0 to 65535, not {text!r}.")
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # As servers do it: a port whose last connections are still fading away counts as free.
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, int(text)))
    except OSError as error:
        bound.close()
        reason = "is taken by another program" if error.errno == errno.EADDRINUSE else f"is refused ({error.strerror})"
        raise StartError(f"Port {text} {reason}. Stop that program or set {variable} to another port.") from error
    return bound
