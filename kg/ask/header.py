"""The header of a question file: its lines that begin with #+, as YAML, and what the schema says of it."""

import functools
import importlib.resources
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

# The parser in C is ten times faster; PyYAML has it wherever libyaml is.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SHOWN: Final = 20
Path = Sequence[str | int]


class HeaderError(ValueError):
    """A header that is not as the schema wants it; a line for each fault, with file, line and what is allowed."""


def split(text: str) -> tuple[str, str]:
    """The YAML of a question file, and its query without the header."""
    lines = text.split("\n")
    header = "\n".join(line[2:].removeprefix(" ") for line in lines if line.startswith("#+"))
    return header, "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"


def read_header(name: str, text: str) -> dict[str, Any]:
    """The header as it is written, not yet held against the schema. Raises HeaderError: no YAML, no mapping."""
    try:
        header = yaml.load(split(text)[0], Loader=LOADER)  # noqa: S506 either loader is a safe one
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        raise HeaderError(
            f"{_place(name, text, line)}: the header (lines with #+) is no YAML: {error.problem}"
        ) from error
    if not isinstance(header, dict):
        raise HeaderError(f"{_place(name, text, 0)}: no header; it begins with #+ summary: (see header.schema.json)")
    return header


def check_header(name: str, text: str) -> None:
    """Hold a header against the schema, and its columns and parameters against each other. Raises HeaderError."""
    header = read_header(name, text)
    faults = [*_schema_faults(header)] or [*_loose_names(header)]
    if faults:
        lines = (f"{_place(name, text, _line(text, path))}: {said}" for path, said in faults[:SHOWN])
        raise HeaderError("\n".join(lines))


@functools.cache
def schema() -> dict[str, Any]:
    """The JSON Schema of headers (2020-12)."""
    text = (importlib.resources.files("kg.queries") / "header.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@functools.cache
def _validator() -> "Draft202012Validator":
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema())


def _schema_faults(header: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    from jsonschema.exceptions import best_match

    for found in sorted(_validator().iter_errors(header), key=lambda one: [str(step) for step in one.absolute_path]):
        error = best_match([found])
        yield _told(error)


def _told(error: "ValidationError") -> tuple[Path, str]:
    """Where the fault is, and in words what is wrong and what is allowed."""
    path, part, value = list(error.absolute_path), error.schema, error.instance
    where = ".".join(map(str, path)) or "the header"
    assert isinstance(part, Mapping)
    if error.validator == "additionalProperties" and isinstance(value, Mapping):
        allowed = part["properties"]
        extra = next(key for key in value if key not in allowed)
        return [*path, extra], f"{where} has no {extra!r}; it takes: {', '.join(allowed)}"
    if error.validator == "required" and isinstance(value, Mapping):
        lacking = [key for key in part["required"] if key not in value]
        return path, f"{where} lacks {', '.join(lacking)}{_meaning(part, lacking[0])}"
    if error.validator == "enum":
        return path, f"{where} is {value!r}; allowed: {', '.join(map(str, part['enum']))}"
    return path, f"{where}: {error.message}{_meaning(part)}"


def _meaning(part: Mapping[str, Any], key: str = "") -> str:
    described = part.get("properties", {}).get(key, {}) if key else part
    return f" ({described['description']})" if "description" in described else ""


def _loose_names(header: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Columns and parameters that the header names and does not declare."""
    columns, parameters = header["columns"], header.get("parameters", {})
    for path, name in _columns_named(header):
        if name not in columns:
            yield path, f"{'.'.join(map(str, path))}: no column is called {name!r}; columns: {', '.join(columns)}"
    for number, example in enumerate(header["examples"]):
        for key in example["parameters"]:
            if key not in parameters:
                path = ("examples", number, "parameters", key)
                yield (
                    path,
                    f"{'.'.join(map(str, path))}: no such parameter; it takes: {', '.join(parameters) or 'none'}",
                )
    for key in re.findall(r"{(\w*)}", " ".join([header.get("when_empty", ""), *header.get("near", {}).values()])):
        if key not in parameters:
            yield ("when_empty",), f"{{{key}}} is no parameter; it takes: {', '.join(parameters) or 'none'}"


def _columns_named(header: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    places = header["evidence"] if isinstance(header["evidence"], list) else []
    for number, place in enumerate(places):
        for key in ("source", "edition", "begin", "end"):
            if key in place:
                yield ("evidence", number, key), place[key]
        yield from ((("evidence", number, "when", name), name) for name in place.get("when", {}))
    yield from ((("chart", key), name) for key, name in header.get("chart", {}).items() if key != "type")
    yield from ((("answers", name), name) for name in header.get("answers", {}))
    yield from ((("federation", "here"), name) for name in header.get("federation", {}).get("here", ()))


def _line(text: str, path: Path) -> int:
    """In which line of the YAML a value stands, or the last part of its path that is written."""
    node = yaml.compose(split(text)[0], Loader=LOADER)
    line = 0
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
        elif isinstance(node, yaml.SequenceNode):
            node = node.value[int(step)]
            line = node.start_mark.line
    return line


def _place(name: str, text: str, line: int) -> str:
    """File and line, from 1, of a line of the YAML."""
    written = [number for number, one in enumerate(text.split("\n"), start=1) if one.startswith("#+")] or [1]
    return f"{name}.rq:{written[min(line, len(written) - 1)]}"
