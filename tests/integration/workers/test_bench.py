"""Every benchmark runs to its end on what is there today; whether it is fast is not asked with a handful of people."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from senet.workers import bench

SIZES = {"insights": 20_000, "shipper": 5_000, "waiting": 5_000, "door": 500}


def run_bench(name: str, size: int) -> dict[str, Any]:  # JSON
    """Run `senet bench NAME --json` as an operator does; it exits 1 when it is not within its targets."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("SENET_", "DATABASE_", "CLICKHOUSE_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "senet", "bench", name, "--size", str(size), "--json"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.stdout, done.stderr[-3000:]
    figures: dict[str, Any] = json.loads(done.stdout)
    bench._print(name, figures)  # as it is shown to whoever asks for no JSON
    return figures


@pytest.mark.parametrize("name", sorted({*bench.list_benchmarks()} - {"email"}))
def test_a_benchmark_runs_to_its_end_and_prints_figures_and_targets(name: str) -> None:
    figures = run_bench(name, SIZES.get(name, 1_000))
    assert figures["targets"]
    assert isinstance(figures["within_target"], bool)


def test_mails_are_measured_in_every_way_killed_and_with_long_queues() -> None:
    figures = run_bench("email", 400)
    ways = [(row["tls"], row["dkim"], row["senders"]) for row in figures["sending"]]
    assert ways == [(tls, dkim, count) for tls in (False, True) for dkim in (False, True) for count in (1, 2)]
    assert all(row["bare_client_per_second"] > 0 and row["smtplib_per_second"] > 0 for row in figures["sending"])
    assert [(row["lost"], row["not_delivered"]) for row in figures["killed"]] == [(0, 0)] * 4
    assert all(row["sent_twice"] <= row["may_be_sent_twice"] for row in figures["killed"])
    assert [row["queued"] for row in figures["memory"]] == [40, 400, 4_000]
    assert all(row["sender_1_peak_mb"] > 0 for row in figures["memory"])
    assert figures["targets"].keys() >= figures["ratios"].keys()


def test_a_benchmark_that_fails_leaves_the_others_their_figures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run_one(name: str, size: int, only: str) -> dict[str, Any]:  # JSON
        if name == "door":
            raise OSError("no room")
        return {"size": size, "within_target": True}

    monkeypatch.setattr(bench, "_run_one", run_one)
    assert not bench.run_benchmarks("all", size=7, as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert shown.keys() == {*bench.list_benchmarks()}
    assert shown["door"]["error"] == "OSError: no room"
    assert shown["render"] == {"size": 7, "within_target": True}
