"""What `senet rehearse` does and prints: a progress bar, a table of the tiles with a line of days each, or JSON."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from senet.insights.values import ReactionsFound
from senet.interactions.errors import ClickHouseUnavailable
from senet.rehearsals.actions import run_rehearsal, start_rehearsal
from senet.rehearsals.values import RehearsalOptions, RehearsalReport, TileFlow
from senet.shared.errors import InvalidInput
from senet.workers import remote

_BARS = "▁▂▃▄▅▆▇█"
_WIDEST = 40  # days that a line shows one by one; of more, several together
Given = dict[str, object]


def rehearse_and_print(
    journey_id: int, options: Mapping[str, object], assumed: Sequence[str], *, as_json: bool
) -> None:
    """Rehearse a journey in this process and print what comes out. Raises: SenetError."""
    asked = read_options(options, assumed)
    rehearsal_id = start_rehearsal(journey_id, asked)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("rehearsing", total=1.0)

        def show(share: float, moment: datetime) -> None:
            progress.update(task, completed=share, description=f"rehearsing {moment:%Y-%m-%d}")

        done = run_rehearsal(rehearsal_id, history=ask_history, progress=show)
        progress.update(task, completed=1.0)
    report = RehearsalReport.model_validate(done.report)
    if as_json:
        sys.stdout.write(report.model_dump_json(indent=2) + "\n")
    else:
        print_report(report)


def ask_history(
    journey_id: int, emails: Sequence[int], versions: Sequence[int], now: datetime
) -> Sequence[ReactionsFound]:
    """Ask whoever has ClickHouse open how recipients have reacted so far. Raises: ClickHouseUnavailable."""
    asked = {"emails": list(emails), "versions": list(versions), "now": now.isoformat()}
    try:
        answer = remote.perform("reactions", journey_id=journey_id, **asked)
    except remote.AppSilent as error:
        raise ClickHouseUnavailable(error.message) from error
    return TypeAdapter(list[ReactionsFound]).validate_python(answer["found"])


def read_options(options: Mapping[str, object], assumed: Sequence[str]) -> RehearsalOptions:
    """Return what the command's words ask for. Raises: InvalidInput."""
    behaviour: Given = {}
    tiles: dict[str, Given] = {}
    for words in assumed:
        path, found, text = words.partition("=")
        tile, dot, name = path.rpartition(".")
        if not found or (dot and not tile.isdigit()):
            raise InvalidInput(f"{words!r} is not of the form NAME=VALUE or TILE.NAME=VALUE.")
        (tiles.setdefault(tile, {}) if dot else behaviour)[name] = _read_value(name, text)
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return RehearsalOptions.model_validate({**given, "behaviour": behaviour, "tiles": tiles})
    except ValidationError as error:
        found_first = error.errors()[0]
        where = ".".join(str(part) for part in found_first["loc"])
        raise InvalidInput(f"{where}: {found_first['msg']}.") from error


def _read_value(name: str, text: str) -> object:
    """Return a rate, a delay ("5" or "5,1.2": hours and spread) or weights ("1:3,2:1")."""
    if name.endswith("_delay"):
        median, _, spread = text.partition(",")
        return {"median_hours": median, "spread": spread} if spread else {"median_hours": median}
    if name == "link_weights":
        return {link: weight for link, _, weight in (part.partition(":") for part in text.split(","))}
    return text


def print_report(report: RehearsalReport) -> None:
    """Print a report for people."""
    console = Console()
    console.print(
        f"[bold]{escape(report.name or f'Journey {report.journey_id}')}[/bold], rehearsed with seed {report.seed}"
    )
    console.print(
        f"{report.start_at:%Y-%m-%d %H:%M} to {report.until:%Y-%m-%d %H:%M} UTC: {report.entered:,} of "
        f"{report.audience:,} people enter; {report.ticks} steps, at busy times every "
        f"{report.minutes_between_ticks} minutes; {report.seconds:.1f} seconds."
    )
    console.print(_make_flow_table(report))
    if any(tile.mail is not None for tile in report.tiles):
        console.print(_make_mail_table(report))
    console.print(_make_end_table(report))
    if report.assumptions:
        console.print(_make_assumption_table(report))
    for source, what in _list_sources(report):
        console.print(f"{escape(what)}: {escape(source)}.", highlight=False)
    for note in (report.ended_early, *report.notes):
        if note:
            console.print(escape(note), highlight=False)


def _make_flow_table(report: RehearsalReport) -> Table:
    table = Table(title="Flow", title_justify="left")
    table.add_column("tile")
    for heading in ("arrived", "waiting", "processed", "stopped", "expired", "failed"):
        table.add_column(heading, justify="right")
    table.add_column("paths")
    table.add_column("arrivals a day", no_wrap=True)
    for tile in report.tiles:
        numbers = (tile.arrived, tile.waiting, tile.processed, tile.stopped, tile.expired, tile.failed)
        table.add_row(
            escape(f"{tile.tile} {tile.name}"),
            *(f"{number:,}" if number else "" for number in numbers),
            escape(_show_paths(tile)),
            draw_line(tile.daily_arrived),
        )
    return table


def _show_paths(tile: TileFlow) -> str:
    named = [path for path in tile.paths if path.label]
    reasons = [f"{reason} {count:,}" for reason, count in tile.stop_reasons.items()]
    return ", ".join([*(f"{path.label} {path.people:,}" for path in named), *reasons])


def _make_mail_table(report: RehearsalReport) -> Table:
    table = Table(title="Mails", title_justify="left")
    table.add_column("tile")
    for heading in ("queued", "blocked", "delivered", "bounced", "opened", "clicked", "unsubscribed"):
        table.add_column(heading, justify="right")
    table.add_column("queued a day", no_wrap=True)
    for tile in report.tiles:
        if (mail := tile.mail) is not None:
            bounced = mail.hard_bounced + mail.soft_bounced + mail.block_bounced
            numbers = (mail.queued, mail.blocked, mail.delivered, bounced, mail.opened, mail.clicked, mail.unsubscribed)
            table.add_row(
                escape(f"{tile.tile} {tile.name}"),
                *(f"{number:,}" if number else "" for number in numbers),
                draw_line(mail.daily_queued),
            )
    return table


def _make_end_table(report: RehearsalReport) -> Table:
    names = {tile.tile: tile.name for tile in report.tiles}
    table = Table(title="In the end", title_justify="left")
    for heading in ("state", "tile", "reason"):
        table.add_column(heading)
    table.add_column("people", justify="right")
    for state in report.end_states:
        table.add_row(state.state, escape(f"{state.tile} {names[state.tile]}"), state.reason or "", f"{state.people:,}")
    return table


def _make_assumption_table(report: RehearsalReport) -> Table:
    table = Table(title="Assumed of readers", title_justify="left")
    table.add_column("tile")
    for heading in ("open", "click", "unsubscribe", "bounce", "open within (half of them)", "click within"):
        table.add_column(heading, justify="right")
    names = {tile.tile: tile.name for tile in report.tiles}
    for each in report.assumptions:
        did = each.behaviour
        bounces = did.hard_bounce_rate + did.soft_bounce_rate + did.block_bounce_rate
        table.add_row(
            escape(f"{each.tile} {names[each.tile]}"),
            *(f"{rate:.2%}" for rate in (did.open_rate, did.click_rate, did.unsubscribe_rate, bounces)),
            *(f"{delay.median_hours:.1f} h" for delay in (did.open_delay, did.click_delay)),
        )
    return table


def _list_sources(report: RehearsalReport) -> list[tuple[str, str]]:
    """Return each source with what comes from it, and for which tiles."""
    found: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for each in report.assumptions:
        for source in sorted(set(each.sources.values())):
            fields = tuple(sorted(name.replace("_", " ") for name, words in each.sources.items() if words == source))
            found.setdefault((source, fields), []).append(each.tile)
    every = [each.tile for each in report.assumptions]
    return [
        (source, ", ".join(fields) + ("" if tiles == every else f" (tiles {', '.join(map(str, tiles))})"))
        for (source, fields), tiles in found.items()
    ]


def draw_line(numbers: Sequence[int]) -> str:
    """Return numbers as a line of bars, as high as the largest; a space is nothing. Of many, several are one bar."""
    step = -(-len(numbers) // _WIDEST)
    sums = [sum(numbers[place : place + step]) for place in range(0, len(numbers), max(step, 1))]
    most = max(sums, default=0)
    return "".join(_BARS[-(-number * len(_BARS) // most) - 1] if number > 0 else " " for number in sums)
