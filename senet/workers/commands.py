"""What the longer commands print."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from senet.shared.errors import InvalidInput
from senet.workers import remote


def print_audit(*, as_json: bool) -> bool:
    """Run the audit where ClickHouse is open, print its findings and return whether all invariants hold."""
    report = remote.perform("audit")
    if as_json:
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
    else:
        _print_checks(report)
    return bool(report["clean"])


def _print_checks(report: remote.Answer) -> None:
    table = Table(title="Audit", title_justify="left")
    for heading in ("invariant", "holds", "checked", "broken"):
        table.add_column(heading)
    for check in report["checks"]:
        holds = "[green]yes[/green]" if check["holds"] else "[red]no[/red]"
        table.add_row(
            escape(str(check["name"])), holds, str(check.get("checked", "")), escape(str(check.get("broken", "")))
        )
    Console().print(table)
    broken = sum(not check["holds"] for check in report["checks"])
    if broken:
        sys.stdout.write(f"{broken} of {len(report['checks'])} invariants are broken. Use --json for examples.\n")
    else:
        sys.stdout.write(f"Clean: all {len(report['checks'])} invariants hold.\n")


def print_rebuild() -> None:
    """Refill ClickHouse and print how many rows went in."""
    answer = remote.perform("rebuild-insights")
    for stream, rows in answer.items():
        sys.stdout.write(f"{stream}: {rows} rows\n")


def print_verdicts(*, everything: bool) -> None:
    """Judge opens and clicks again and print what changed."""
    answer = remote.perform("verdicts", everything=everything)
    sys.stdout.write(f"{answer['looked_at']:,} opens and clicks, {answer['changed']:,} judged otherwise than before.\n")
    for rule, count in answer["rules"].items():
        sys.stdout.write(f"  {rule}: {count:,}\n")


def make_password() -> str:
    """Return a password that nobody guesses."""
    return secrets.token_urlsafe(12)


def create_user_and_print(email: str, *, name: str, role: str, password: str, api_key: bool) -> None:
    """Make a user, with an API key when asked for; print what was made."""
    from senet.accounts.actions import create_user, make_api_key
    from senet.accounts.values import Role

    if role not in set(Role):
        raise InvalidInput(f"There is no role {role!r}. There are: {', '.join(Role)}.")
    user = create_user(email=email, name=name or email, password=password, role=Role(role))
    sys.stdout.write(f"{email} can sign in.\n")
    if api_key:
        key = make_api_key(user.user_id, name="made by senet create-user")
        sys.stdout.write(f"API key: {key.text}\n")


def read_mapping(pairs: Sequence[str]) -> dict[str, str] | None:
    """Return the mapping that HEADING=COLUMN pairs spell; None when there are none."""
    if wrong := [pair for pair in pairs if "=" not in pair]:
        raise InvalidInput(f"{wrong[0]!r} is not of the form HEADING=COLUMN.")
    return dict(pair.rsplit("=", 1) for pair in pairs) or None


def import_contacts_with_progress(
    file: Path, *, key: str, mapping: Mapping[str, str] | None, rejected: Path | None
) -> bool:
    """Import a CSV file with a progress bar; write the refused rows with their reasons; print the counts."""
    from senet.accounts.queries import get_administrator
    from senet.people.actions import import_contacts
    from senet.people.importing.rejected import write_rejected

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("contacts", total=None)
        outcome = import_contacts(
            file,
            principal=get_administrator(),
            key=key,
            mapping=mapping,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    for warning in outcome.warnings:
        sys.stderr.write(f"{warning}\n")
    sys.stdout.write(
        f"{outcome.processed:,} rows: {outcome.created:,} created, {outcome.updated:,} updated, "
        f"{outcome.unchanged:,} unchanged, {outcome.rejected:,} rejected.\n"
    )
    if outcome.rejected:
        report = rejected or file.with_name(f"{file.stem}.rejected.csv")
        write_rejected(outcome.run_id, report)
        sys.stdout.write(f"The rejected rows, with reasons, are in {report}.\n")
    return outcome.rejected == 0


def print_openapi() -> None:
    """Print the API's description as JSON with stable order."""
    from senet.api.openapi import export

    sys.stdout.write(export())


def translate_file(file: Path, output: Path | None) -> bool:
    """Write a template's Liquid to a file or print it, its findings to the error stream; say whether it is complete."""
    from senet.content.translation.here import load_vocabulary
    from senet.content.translation.translate import translate

    try:
        source = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file.name} is no text in UTF-8.") from error
    translation = translate(source, load_vocabulary())
    for finding in translation.findings:
        kind = "look at" if finding.done else "not translated"
        typer.echo(f"{file.name}:{finding.line}: {kind}: {finding.text}  ({finding.why})", err=True)
    if output is None:
        typer.echo(translation.source, nl=False)
    else:
        output.write_text(translation.source, encoding="utf-8", newline="")
    return translation.complete
