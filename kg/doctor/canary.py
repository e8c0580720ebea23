"""A listener on the loopback interface that nobody has a reason to call: who calls it carries out a SERVICE."""

import socket
import threading
from contextlib import suppress
from typing import Final

_ANSWER: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nConnection: close\r\n\r\n"
    b'{"head":{"vars":[]},"results":{"bindings":[]}}'
)
_SECONDS: Final = 2


class Canary:
    """Listens from the start until it is closed; `touched` forgets what it tells."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._touched = threading.Event()
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def values(self) -> dict[str, str]:
        """The address, and the same address with the host as one number (2130706433 is 127.0.0.1)."""
        return {
            "canary": f"http://127.0.0.1:{self.port}/sparql",
            "canary_by_number": f"http://2130706433:{self.port}/sparql",
        }

    def touched(self) -> bool:
        """Whether anybody has called since this was asked last."""
        was = self._touched.is_set()
        self._touched.clear()
        return was

    def close(self) -> None:
        # A listener that is only closed leaves a thread in accept().
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(_SECONDS)

    def _answer(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._touched.set()
            with connection, suppress(OSError):
                connection.settimeout(_SECONDS)
                connection.recv(65536)
                connection.sendall(_ANSWER)
