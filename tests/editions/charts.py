"""Draws a conventions chart: columns in any order, states of all the world, every kind of cell."""

import calendar
import random
from dataclasses import replace

from tests.editions import invented, stock
from tests.editions.model import Cell, Chart, Column, Note, StateRow

LEGENDS: tuple[dict[str, str], ...] = (
    {},
    {"a": "accession"},
    {"a": "accession", "A": "acceptance"},
    {"a": "accession", "A": "acceptance", "d": "succession"},
)
SINGLE = ("Ratification", "Accession", "")
DASHES = ("—", "—", "–", "-")
FORCES = ("into force", "into force", "entry into force", "in force", "into force:")
# A caption of a flow is a block of lines: shorter ones would run into the next.
BLOCK = 20
WIDE = (Column("ILO Convention 189, Domestic Workers", "ilo-c189", "", "unspecified"),)
LEFT = "§"
REMARK = "‡ A remark of the test, which is understood by nobody."
NO_BREAK = "\u00a0"
LOOKALIKES = (("NER", "NGA"), ("GIN", "GNB", "GNQ", "PNG"), ("COD", "COG"), ("KOR", "PRK"), ("DMA", "DOM"))


def draw(rng: random.Random, year: int, *, columns_lost: bool) -> Chart:
    """A chart of the edition of this year; with `columns_lost` no cell is empty and the header has one line."""
    legend = rng.choice(LEGENDS)
    announced = rng.random() < 0.5
    columns = _columns(rng, legend, two_lines=rng.random() < 0.6 and not columns_lost)
    if columns_lost:
        columns = tuple(column for column in columns if len(column.caption) > BLOCK) or WIDE
    known = _explained(legend, columns, announced=announced)
    rows = tuple(_row(rng, state, columns, known, year, blanks=not columns_lost) for state in _states(rng))
    sentence, window = _announcement(rng, legend if announced else {}, year)
    columns, footnotes, notes = (columns, (), []) if columns_lost else _footnotes(rng, columns)
    if not columns_lost and rng.random() < 0.1:
        rows, footnotes = _remarked(rng, rows), (*footnotes, REMARK)
        notes.append(Note("footnote", "", "", "", "", ""))
    if rng.random() < 0.2 and any(cell.printed and not cell.mark for row in rows for cell in row.cells):
        rows, footnote, note = _left(rng, rows, year)
        footnotes, notes = (*footnotes, footnote), [*notes, note]
    return Chart(
        corner=rng.choice(("Country", "COUNTRY", "State", "Countries")),
        announcement=sentence,
        columns=columns,
        rows=rows,
        footnotes=footnotes,
        notes=(*_in_force(columns), *notes, window) if columns_lost else (*_in_force(columns), window, *notes),
        breaks=tuple(sorted(rng.sample(range(1, len(rows)), min(len(rows) - 1, rng.choice((0, 0, 0, 1, 2)))))),
    )


def _columns(rng: random.Random, legend: dict[str, str], *, two_lines: bool) -> tuple[Column, ...]:
    known = [(key, caption(rng, key)) for key in rng.sample(sorted(stock.treaties()), rng.randint(1, 8))]
    unknown = {invented.caption(rng) for _ in range(rng.choice((0, 0, 1, 2)))}
    named = [*known, *((f"new: {text}", text) for text in sorted(unknown))]
    rng.shuffle(named)
    return tuple(_column(rng, key, text, legend, two_lines=two_lines) for key, text in named)


def caption(rng: random.Random, key: str) -> str:
    """A spelling of a treaty that the tables know, with the additions that captions have."""
    entry = stock.treaties()[key]
    text = rng.choice(stock.spellings(entry))
    if rng.random() < 0.15 and "(" not in text:
        text += rng.choice((" (1930)", ", entered into force in 1932", " (2011), entered into force September 5, 2013"))
    return text


def _in_force(columns: tuple[Column, ...]) -> list[Note]:
    """What captions say of the entry into force of their instrument."""
    said = {"entered into force in 1932": "1932", "entered into force September 5, 2013": "2013-09-05"}
    found = [(column, since) for column in columns for words, since in said.items() if column.caption.endswith(words)]
    return [Note("entry_into_force", column.instrument, since, "", "", "") for column, since in found]


def _column(rng: random.Random, key: str, text: str, legend: dict[str, str], *, two_lines: bool) -> Column:
    if not two_lines:
        return Column(text, key, "", "unspecified")
    if legend and rng.random() < 0.6:
        return Column(text, key, _mixed(legend), "unspecified")
    below = rng.choice(SINGLE)
    return Column(text, key, below, below.lower() or "unspecified")


def _mixed(legend: dict[str, str]) -> str:
    *others, last = [f"{mode.title()} ({letter})" for letter, mode in legend.items()]
    return f"{', '.join(['Ratification', *others])}, or {last}"


def _explained(legend: dict[str, str], columns: tuple[Column, ...], *, announced: bool) -> dict[str, str]:
    return legend if announced or any("(" in column.below for column in columns) else {}


def _states(rng: random.Random) -> list[tuple[str, str]]:
    """(alpha-3, a spelling), sorted as printed; often with states whose names begin alike."""
    codes = set(rng.sample(sorted(stock.states()), rng.randint(2, 25)))
    codes |= set(rng.choice(LOOKALIKES)) if rng.random() < 0.6 else set()
    drawn = [(code, rng.choice(stock.states()[code])) for code in sorted(codes)]
    return sorted(drawn, key=lambda state: state[1])


def _row(
    rng: random.Random, state: tuple[str, str], columns: tuple[Column, ...], known: dict[str, str], year: int, *,
    blanks: bool,
) -> StateRow:  # fmt: skip
    code, name = state
    dash = rng.choice(DASHES)
    return StateRow(name, code, tuple(_cell(rng, column, known, year, dash, blanks=blanks) for column in columns))


def _cell(rng: random.Random, column: Column, known: dict[str, str], edition: int, dash: str, *, blanks: bool) -> Cell:
    draw = rng.random()
    if draw < 0.2:
        return Cell(dash, "not_party")
    if blanks and draw < 0.25:
        return Cell("", "blank")
    year = rng.choice((rng.randint(1930, edition), rng.randint(1999, edition)))
    printed, mode, force = str(year), column.unmarked, ""
    if draw < 0.45:
        letter = rng.choice([*known, "s"] if rng.random() < 0.1 else [*known] or ["a"])
        printed += f"{rng.choice(('', ' '))}({letter})"
        mode = known.get(letter, letter)
    if draw > 0.85:
        when, force = _date(rng, year + rng.randrange(2))
        printed += f"{rng.choice((' ', ' ', '', '  ', NO_BREAK))}({rng.choice(FORCES)} {when})"
    return Cell(printed, "party", str(year), mode, force)


def _date(rng: random.Random, year: int) -> tuple[str, str]:
    """A date as printed and in ISO form: day, month or year only."""
    month = rng.randint(1, 12)
    name = rng.choice((calendar.month_name, calendar.month_abbr))[month]
    if rng.random() < 0.2:
        return f"{name} {year}", f"{year}-{month:02}"
    if rng.random() < 0.05:
        return str(year), str(year)
    day = rng.randint(1, calendar.monthrange(year, month)[1])
    printed = rng.choice((f"{day} {name} {year}", f"{day:02} {name} {year}", f"{name} {day}, {year}"))
    return printed, f"{year}-{month:02}-{day:02}"


def _remarked(rng: random.Random, rows: tuple[StateRow, ...]) -> tuple[StateRow, ...]:
    """One name and one cell with a mark that points to a remark: what they say stays the same."""
    place = rng.randrange(len(rows))
    row = rows[place]
    marked = replace(row.cells[0], mark=REMARK[0]) if row.cells[0].printed else row.cells[0]
    name = REMARK[0] if rng.random() < 0.5 else ""
    return (*rows[:place], replace(row, cells=(marked, *row.cells[1:]), mark=name), *rows[place + 1 :])


def _left(rng: random.Random, rows: tuple[StateRow, ...], year: int) -> tuple[tuple[StateRow, ...], str, Note]:
    """One cell with a mark that points to a footnote: the state left, on a day, in a month or year, or some time."""
    places = [
        (r, c) for r, row in enumerate(rows) for c, cell in enumerate(row.cells) if cell.printed and not cell.mark
    ]
    place, column = rng.choice(places)
    row = rows[place]
    when, ended = _date(rng, year - 1) if rng.random() < 0.8 else ("", "")
    who = rng.choice(("", row.name))
    said = rng.choice(
        (f"{who} denounced the convention", f"Denunciation by {who}") if who else ("Denounced", "Denunciation")
    )
    by = f"{rng.choice((' on', ' in', ', effective', ' with effect from'))} {when}" if when else ""
    cell = row.cells[column]
    status = "denounced" if cell.status == "party" else cell.status
    gone = replace(cell, mark=LEFT, status=status, ended=ended)
    changed = replace(row, cells=(*row.cells[:column], gone, *row.cells[column + 1 :]))
    footnote = f"{LEFT} {said}{by}{rng.choice(('', '.'))}"
    return (*rows[:place], changed, *rows[place + 1 :]), footnote, Note("denunciation", "", ended, "", "", "")


def _announcement(rng: random.Random, legend: dict[str, str], year: int) -> tuple[str, Note]:
    since, until = (rng.randint(1, 12) for _ in range(2))
    modes = f" by {_mixed(legend)}" if legend else ""
    days = (" 1,", " 28,") if rng.random() < 0.2 else ("", "")
    window = (
        f"between {calendar.month_name[since]}{days[0]} {year - 1} and {calendar.month_name[until]}{days[1]} {year}"
    )
    sentence = f"Test data: every year in this chart is made up{modes}, as dreamt of {window}."
    first, last = ("-01", "-28") if days[0] else ("", "")
    return sentence, Note("reporting_window", "", f"{year - 1}-{since:02}{first}", f"{year}-{until:02}{last}", "", "")


def _footnotes(
    rng: random.Random, columns: tuple[Column, ...]
) -> tuple[tuple[Column, ...], tuple[str, ...], list[Note]]:
    """Marks one caption in some charts, and says below since when that instrument is in force."""
    plain = [n for n, column in enumerate(columns) if "entered" not in column.caption and "(" not in column.caption]
    if not plain or rng.random() < 0.6:
        return columns, (), []
    place = rng.choice(plain)
    mark = rng.choice(("*", "†", "**"))
    when, since = _date(rng, rng.randint(1990, 2040))
    column = columns[place]
    text = f"{mark} {column.caption} entered into force {when}"
    marked = (*columns[:place], replace(column, footnote=mark), *columns[place + 1 :])
    return marked, (text,), [Note("entry_into_force", column.instrument, since, "", "", "")]
