"""How answers of this graph are to be read: said to every reader that is a program, in one wording."""

from typing import Final

RULES: Final = (
    "Not stated is not no: what no source says may be true. Say that no source of this graph states it.",
    "Planned is not done: progress planned, or a role or counterpart that is only planned, says nothing of what "
    "happened.",
    "Each edition speaks for its own window: a dash in a chart means not party at the end of that window, an empty "
    "cell means that nothing is printed, and a state that a chart does not list is none of these.",
    "A list of partners of one organization does not make the partners work with each other, and being in one "
    "programme is not working together.",
    "Where sources differ both statements stand; neither is repaired. A count counts what is stated.",
    "A definite noun such as the Office, the Protocol or the Convention means another thing in another section.",
    "Cite for each fact the source and the place where it stands.",
)
