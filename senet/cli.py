"""`senet …`: what an operator types."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from django.db import DatabaseError

from senet.shared.errors import SenetError
from senet.workers.process import run_process, set_up

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Senet: journeys, marketing email, exact insights. Settings come from SENET_… in the environment.",
)
importing = typer.Typer(no_args_is_help=True, help="Bring data in.")
app.add_typer(importing, name="import")


@contextmanager
def _ready(name: str) -> Iterator[None]:
    """Have settings, log and PostgreSQL ready for one command."""
    set_up(name)
    from senet.workers.remote import engines_ready

    with engines_ready():
        yield


@app.command()
def up(*, demo: Annotated[bool, typer.Option(help="Fill it with the demo and play its audience.")] = False) -> None:
    """Start everything: engines, app, door, senders; Ctrl-C stops it."""
    from senet.workers import up as supervisor

    supervisor.run(demo=demo, say=typer.echo)


@app.command("app")
def run_app() -> None:
    """Run web, worker and shipper in one process."""
    run_process("app")


@app.command()
def web() -> None:
    """Run the API and the user interface."""
    run_process("web")


@app.command()
def worker() -> None:
    """Run background jobs, journeys and segments."""
    run_process("worker")


@app.command()
def shipper() -> None:
    """Copy the log into ClickHouse."""
    run_process("shipper")


@app.command()
def door() -> None:
    """Run the public side: links, beacons, unsubscribe."""
    run_process("door")


@app.command()
def sender() -> None:
    """Send queued messages."""
    run_process("sender")


@app.command()
def bounces() -> None:
    """Take the mails that come back: bounces and complaints."""
    run_process("bounces")


@app.command()
def mailbox() -> None:
    """Run the demo's SMTP server, its page and its audience."""
    run_process("mailbox")


@app.command(hidden=True)
def prepare(*, demo: bool = False) -> None:
    """Migrate, make the first login and, with --demo, the demo; PostgreSQL runs already."""
    set_up("prepare")
    from senet.workers import prepare as preparing

    preparing.run(demo=demo)


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    with _ready("migrate"):
        from senet.workers.prepare import migrate as run_migrations

        run_migrations()
    typer.echo("The tables are up to date.")


@app.command()
def check() -> None:
    """Say what runs, what does not and what to do about it."""
    set_up("check")
    from senet.workers.check import run_check

    if not run_check():
        raise typer.Exit(1)


@app.command("create-user")
def create_user(
    email: str,
    *,
    name: Annotated[str, typer.Option(help="The name that colleagues see.")] = "",
    role: Annotated[str, typer.Option(help="administrator, marketing_manager, marketer or viewer.")] = "marketer",
    password: Annotated[str, typer.Option(help="Asked for when it is not given.")] = "",
    generate_password: Annotated[bool, typer.Option(help="Make a password and print it.")] = False,
    api_key: Annotated[bool, typer.Option(help="Make an API key as well and print it, this once.")] = False,
) -> None:
    """Make somebody who can sign in."""
    from senet.workers.commands import create_user_and_print, make_password

    if generate_password:
        password = make_password()
    elif not password:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with _ready("create-user"):
        create_user_and_print(email, name=name, role=role, password=password, api_key=api_key)
    if generate_password:
        typer.echo(f"Password: {password}")


@app.command()
def audit(*, as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False) -> None:
    """Check that every number agrees with the ledger; end with 1 when one does not."""
    from senet.workers.commands import print_audit

    with _ready("audit"):
        clean = print_audit(as_json=as_json)
    if not clean:
        raise typer.Exit(1)


@app.command()
def verdicts(
    *, everything: Annotated[bool, typer.Option("--all", help="The whole log, not only what is new.")] = False
) -> None:
    """Judge opens and clicks again by what is known now: bursts, the hidden link, times and addresses."""
    from senet.workers.commands import print_verdicts

    with _ready("verdicts"):
        print_verdicts(everything=everything)


@app.command("rebuild-insights")
def rebuild_insights() -> None:
    """Refill ClickHouse from PostgreSQL."""
    from senet.workers.commands import print_rebuild

    with _ready("rebuild-insights"):
        print_rebuild()


@importing.command("contacts")
def import_contacts(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    key: Annotated[str, typer.Option(help="What tells contacts apart: email or external_id.")] = "email",
    column: Annotated[
        list[str] | None, typer.Option("--map", help="HEADING=COLUMN, once a column; else the headings' names decide.")
    ] = None,
    rejected: Annotated[Path | None, typer.Option(help="Where rows that could not be used go, with reasons.")] = None,
) -> None:
    """Import contacts from a CSV file."""
    with _ready("import"):
        from senet.workers.commands import import_contacts_with_progress, read_mapping

        mapping = read_mapping(column or [])
        import_contacts_with_progress(file, key=key, mapping=mapping, rejected=rejected)


@app.command()
def rehearse(
    journey: Annotated[int, typer.Argument(help="The journey's number.")],
    *,
    days: Annotated[int | None, typer.Option(help="Virtual days; left out: to the journey's end, or 60.")] = None,
    people: Annotated[int | None, typer.Option(help="At most so many people (100,000); of more, a sample.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same report.")] = None,
    start: Annotated[
        datetime | None, typer.Option(help="When it begins, in UTC; left out: at its start, or now.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(help="End after so many seconds, with a report (300).")] = None,
    assume: Annotated[
        list[str] | None, typer.Option(help="NAME=VALUE or TILE.NAME=VALUE, such as 2.open_rate=0.4; several times.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Play a journey on a virtual clock, with readers who open and click by a model; nothing is sent."""
    with _ready("rehearse"):
        from senet.workers.rehearsing import rehearse_and_print

        start_at = None if start is None else start.replace(tzinfo=start.tzinfo or UTC)
        options = {"days": days, "people": people, "seed": seed, "start_at": start_at, "seconds": seconds}
        rehearse_and_print(journey, options, assume or [], as_json=as_json)


@app.command()
def translate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where it goes; else it is printed.")] = None,
) -> None:
    """Turn a template of Dynamics 365 outbound marketing into Liquid; end with 1 when a piece could not be."""
    with _ready("translate"):
        from senet.workers.commands import translate_file

        complete = translate_file(file, output)
    if not complete:
        raise typer.Exit(1)


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="The benchmark's name, or `all`.")],
    *,
    size: Annotated[int, typer.Option(help="How many contacts or rows; 0: the benchmark's own default.")] = 0,
    only: Annotated[str, typer.Option(help="One part of a benchmark that has several, such as tls+dkim/2.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print raw figures, ratios and targets as JSON.")] = False,
) -> None:
    """Measure a hot path as a ratio to a bare baseline."""
    from senet.workers.bench import run_benchmarks

    if not run_benchmarks(name, size=size, as_json=as_json, only=only):
        raise typer.Exit(1)


@app.command()
def openapi() -> None:
    """Print the API's description."""
    set_up("openapi")
    from senet.workers.commands import print_openapi

    print_openapi()


def main() -> None:
    """Run the command line; an error that a person can mend is a sentence, not a traceback."""
    try:
        app()
    except SenetError as error:
        _give_up([error.message, *(f"  {problem.where}: {problem.message}" for problem in error.problems)])
    except psycopg.Error as error:
        _give_up(_explain(error))
    except DatabaseError as error:
        if not isinstance(error.__cause__, psycopg.Error):
            raise
        _give_up(_explain(error.__cause__))


def _explain(error: psycopg.Error) -> list[str]:
    first = next(iter(str(error).splitlines()), type(error).__name__)
    if isinstance(error, (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)):
        return [f"The tables are not up to date ({first}).", "Run `senet migrate`."]
    if isinstance(error, psycopg.OperationalError):
        return [f"PostgreSQL does not answer: {first}", "Look at DATABASE_URL and at `senet check`."]
    raise error


def _give_up(lines: list[str]) -> None:
    for line in lines:
        typer.echo(line, err=True)
    sys.exit(1)
