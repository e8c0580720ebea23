"""What the tools take. A name that a tool does not have is refused: a misspelled limit must not pass for none."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

LONGEST_QUERY: Final = 20_000
MOST_ROWS: Final = 200

Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description=f"how many rows at most, up to {MOST_ROWS}")]
Offset = Annotated[int, Field(ge=0, le=1_000_000, description="how many rows to leave out at the beginning")]


class Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SearchEntities(Arguments):
    text: str = Field(min_length=1, max_length=200, description="a name, abbreviation, code or part of a name")
    kind: str | None = Field(None, max_length=40, description="organization, state, instrument, programme, body ...")
    limit: int = Field(10, ge=1, le=50, description="how many hits at most, up to 50")


class DescribeEntity(Arguments):
    entity: str = Field(min_length=1, max_length=500, description="an IRI, or a name that means one thing only")
    limit: Limit = 25
    offset: Offset = 0


class ListQuestions(Arguments):
    about: str = Field("", max_length=200, description="words that the questions are about; empty for all of them")


class AskQuestion(Arguments):
    question: str = Field(min_length=1, max_length=100, description="its name, as list_questions has it")
    parameters: dict[str, str | int | bool] = Field(
        default_factory=dict, max_length=20, description="values as people write them: names, codes, years or IRIs"
    )
    limit: Limit = 50
    offset: Offset = 0


class RunSparql(Arguments):
    query: str = Field(min_length=1, max_length=LONGEST_QUERY, description="SELECT, ASK, CONSTRUCT or DESCRIBE")
    limit: Limit = 50


class GetEvidence(Arguments):
    iri: str = Field(min_length=1, max_length=500, description="IRI of a statement, finding or passage")


class GetSchema(Arguments):
    term: str = Field("", max_length=200, description="a class, such as tip:Ratification; empty for all in a line each")


def told(error: ValidationError) -> str:
    """What is wrong, argument by argument, without repeating what may be a whole book."""
    return "; ".join(
        f"{'.'.join(str(part) for part in one['loc'][:2]) or 'arguments'}: {one['msg']}" for one in error.errors()[:5]
    )
