"""Say whether a port of this machine can be served: `python deploy/port.py PORT`; exit status 0 yes, 1 no."""

import socket
import sys


def problem(port: str) -> str | None:
    """Why that port cannot be served on the loopback address, in one line; None when it can."""
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        return f"PORT must be a number between 1 and 65535, not {port}"
    with socket.socket() as probe:
        # As the server does, so that the connections of one that has just ended are no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            return f"port {port} is for root only: choose another with `make run PORT=8001`"
        except OSError:
            return f"port {port} is taken: choose another with `make run PORT={int(port) % 65535 + 1}`"
    return None


if __name__ == "__main__":
    sys.exit(problem(*sys.argv[1:2]))
