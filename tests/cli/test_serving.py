"""`tipkg serve` on the command line: its help, and what it says when it is ready."""

from collections.abc import Callable
from typing import Any

import pytest

from kg.cli.serving import address


def test_help_has_the_options_in_groups(tipkg: Callable[..., Any]) -> None:
    done = tipkg("serve", "--help")
    assert [line for line in done.out.splitlines() if line.endswith(":") and not line.startswith(" ")] == [
        "General:",
        "What a request may be:",
        "What a query may take:",
        "What an answer may be:",
        "What SERVICE may call:",
        "Log and end:",
    ]


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "http://127.0.0.1:7878/"), ("::1", "http://[::1]:7878/")])
def test_address_can_be_typed_into_a_browser(host: str, shown: str) -> None:
    assert address(host, 7878) == shown
