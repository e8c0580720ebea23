"""What is said of a name that no thing of the graph has: a state can be one and still not be in this graph."""

from typing import Final

# Where a thing of any kind is meant, so few letters are rather an abbreviation than the code of a state.
LONGEST_CODE: Final = 3


def unknown(kind: str, value: str) -> str:
    """Why a value of a type names nothing, without the nearest names."""
    can_be_state = kind == "state" or (kind == "thing" and len(value) > LONGEST_CODE)
    state = _state(value) if can_be_state else ""
    return f"{value!r} is {state}, and not in this graph" if state else f"no {kind} is called {value!r}"


def _state(value: str) -> str:
    """The state or territory of ISO 3166-1 with this name or code, with its code; nothing if there is none."""
    # Reading the list takes longer than most answers, and is needed only for what is unknown.
    import pycountry

    try:
        found = pycountry.countries.lookup(value.strip())
    except LookupError:
        return ""
    return f"{getattr(found, 'common_name', found.name)} ({found.alpha_3} in ISO 3166-1)"
