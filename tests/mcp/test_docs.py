"""docs/mcp.md says what is so: the tools with what they take, and a configuration that a client can read."""

import json
import re
from pathlib import Path

from kg.mcp.calls import TOOLS
from kg.mcp.instructions import DESCRIPTIONS
from kg.mcp.resources import resources, templates

PAGE = (Path(__file__).parents[2] / "docs" / "mcp.md").read_text(encoding="utf-8")


def test_table_has_every_tool_with_what_it_takes() -> None:
    rows = re.findall(r"^\| (\w+_\w+) \| ([\w, ]+) \|", PAGE, re.MULTILINE)
    assert rows == [(name, ", ".join(tool.takes.model_fields)) for name, tool in TOOLS.items()]


def test_every_tool_is_described_and_nothing_else() -> None:
    assert DESCRIPTIONS.keys() == TOOLS.keys()


def test_configuration_starts_the_command() -> None:
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    started = json.loads(block)["mcpServers"]["tipkg"]
    assert (started["command"], started["args"][0]) == ("tipkg", "mcp")


def test_resources_are_those_of_the_server() -> None:
    for one in (*resources(), *templates()):
        assert f"`{one.uri.replace('{name}', 'NAME')}`" in PAGE
