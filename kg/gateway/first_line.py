"""The first line that a process hears on its socket: its settings."""

import socket


def first_line(control: socket.socket) -> str:
    """What follows the line is left to be heard: sockets may come beside it. Raises SystemExit where the other end
    hangs up before, since nobody wants this process any more."""
    held = b""
    while not held.endswith(b"\n"):
        part = control.recv(1)
        if not part:
            raise SystemExit(1)
        held += part
    return held.decode()
