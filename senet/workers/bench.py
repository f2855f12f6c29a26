"""`senet bench`: runs `benchmarks/<name>.py` of the repository and prints figures, ratios and targets."""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from senet.shared.errors import NotFound

_FOLDER = Path(__file__).resolve().parent.parent.parent / "benchmarks"

_WIDE = 140  # columns that the widest table needs, also where output goes to a file

Figures = dict[str, Any]  # a benchmark's own raw figures and ratios, as JSON


def list_benchmarks() -> list[str]:
    """Return the benchmarks' names."""
    files = [path for path in _FOLDER.glob("[a-z]*.py") if "\ndef run(" in path.read_text(encoding="utf-8")]
    return sorted(path.stem.rstrip("_") for path in files)  # import_.py is `import`: Python keeps that word to itself


def run_benchmarks(name: str, *, size: int, as_json: bool, only: str = "") -> bool:
    """Run one benchmark, or all, on engines of their own; return whether every target was met."""
    names = list_benchmarks() if name == "all" else [name]
    for one in names:
        if one not in list_benchmarks():
            raise NotFound(f"There is no benchmark {one!r}. There are: {', '.join(list_benchmarks())}.")
    results: dict[str, Figures] = {}
    for one in names:
        with Console(stderr=True).status(f"measuring {one} …"):
            results[one] = _run_one(one, size, only) if name != "all" else _try_one(one, size, only)
        if not as_json:
            _print(one, results[one])
    if as_json:
        shown = results if name == "all" else results[name]
        sys.stdout.write(json.dumps(shown, indent=2, default=str) + "\n")
    return all(result.get("within_target", True) for result in results.values())


def _try_one(name: str, size: int, only: str) -> Figures:
    """Run one of many: what fails says so and takes the others' figures not with it."""
    try:
        return _run_one(name, size, only)
    except Exception as error:  # noqa: BLE001  whatever it was, hours of others have been measured
        return {"error": f"{type(error).__name__}: {error}", "within_target": False}


def _run_one(name: str, size: int, only: str) -> Figures:
    sys.path.insert(0, str(_FOLDER.parent))
    os.environ.setdefault("SENET_LOG_LEVEL", "warning")
    file = name if (_FOLDER / f"{name}.py").exists() else f"{name}_"
    module = importlib.import_module(f"benchmarks.{file}")
    with tempfile.TemporaryDirectory(prefix="senet-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as its own user when we run as root
        result: Figures = module.run(size, {"data_dir": folder, "only": only})
    return result


def _print(name: str, result: Figures) -> None:
    table = Table(title=name, title_justify="left")
    table.add_column("figure")
    table.add_column("value", justify="right")
    for key, value in result.items():
        if isinstance(value, list) and all(isinstance(row, dict) for row in value):
            _print_rows(f"{name}: {key}", value)
        elif isinstance(value, dict):
            for inner, figure in value.items():
                table.add_row(f"{key}.{inner}", _show(figure))
        else:
            table.add_row(key, _show(value))
    Console().print(table)


def _print_rows(title: str, rows: list[Figures]) -> None:
    """Print what was measured in several ways as one table, a way a line."""
    if not rows:
        return
    table = Table(title=title, title_justify="left", box=SIMPLE)
    for column in rows[0]:
        words = column.split("_")  # a heading is as high as its words, and the table as wide as its figures
        table.add_column("\n".join(words), justify="right", no_wrap=True, vertical="bottom")
    for row in rows:
        table.add_row(*(_show(value) for value in row.values()))
    Console(width=max(Console().width, _WIDE)).print(table)


def _show(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_show(each) for each in value)
    return f"{value:,.3f}" if isinstance(value, float) else str(value)
