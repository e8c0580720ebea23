"""The command that examines an endpoint: doctor."""

import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from kg import formats
from kg.cli.options import echo_rows, progress, table

if TYPE_CHECKING:
    from kg.doctor.run import Finding

COLUMNS: Final = ("state", "severity", "group", "check", "standard", "says", "expected", "came", "answer", "mend")


@click.command()
@click.argument("url")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "tsv", "json"]),
    default="table",
    show_default=True,
    help="How the findings are printed.",
)
@click.option("--intrusive", is_flag=True, help="Try what may hurt a server of another machine too: only on your own.")
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 300),
    default=10,
    show_default=True,
    metavar="SECONDS",
    help="What one request may take.",
)
@click.option(
    "--total",
    type=click.FloatRange(1, 3600),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="What all checks may take; the rest is not tried.",
)
def doctor(url: str, form: str, *, intrusive: bool, timeout: float, total: float) -> None:
    """Examine any SPARQL endpoint against the conformance table; exit 1 if something differs that must not."""
    from kg.doctor.run import Options, examine
    from kg.doctor.table import packaged
    from kg.doctor.target import target

    checks = packaged()
    options = Options(seconds=timeout, total=total, intrusive=intrusive)
    with progress("examining", len(checks.checks)) as step:
        findings = examine(target(url), checks, options, step=step)
    rows = [_row(finding) for finding in findings]
    if form == "table":
        _echo_table(findings)
    elif form == "json":
        counts = Counter(finding.state for finding in findings)
        objects = formats.as_objects(COLUMNS, rows)
        click.echo(formats.as_json({"url": url, "counts": counts, "checks": objects}), nl=False)
    else:
        echo_rows(COLUMNS, rows, form)
    click.echo(_sum(findings), err=True)
    if any(finding.state == "differs" and finding.check.severity == "must" for finding in findings):
        sys.exit(1)


def _row(finding: "Finding") -> tuple[str, ...]:
    check = finding.check
    return (
        *(finding.state, check.severity, check.group, check.id, check.standard, check.says),
        *(finding.expected, finding.came, finding.got, check.mend if finding.state == "differs" else ""),
    )


def _echo_table(findings: Sequence["Finding"]) -> None:
    """All checks, a line each; then what differs, the worst first, with what to do."""
    rows = [(f.state, f.check.severity, f.check.group, f.check.id, f.came) for f in findings]
    click.echo(table(("state", "severity", "group", "check", "what differs, or why not tried"), rows), nl=False)
    differing = [finding for finding in findings if finding.state == "differs"]
    for severity in dict.fromkeys(("must", *(finding.check.severity for finding in differing))):
        for finding in (one for one in differing if one.check.severity == severity):
            check = finding.check
            click.echo(f"\n{check.id} ({severity}; {check.standard}): {check.says}")
            click.echo(f"  expected: {finding.expected}\n  came:     {finding.came}")
            click.echo(f"  answer:   {finding.got}\n  to do:    {check.mend}")


def _sum(findings: Sequence["Finding"]) -> str:
    """149 checks: 120 ok, 9 differ (1 must, 5 should, 3 nice), 20 not tried"""
    states = Counter(finding.state for finding in findings)
    differing = Counter(finding.check.severity for finding in findings if finding.state == "differs")
    parts = ", ".join(f"{differing[name]} {name}" for name in ("must", "should", "nice") if differing[name])
    differ = f"{states['differs']} differ" + (f" ({parts})" if parts else "")
    return f"{len(findings)} checks: {states['ok']} ok, {differ}, {states['not tried']} not tried"
