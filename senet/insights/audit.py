"""The audit: every number agrees with the ledger, exactly, also while the system runs.

Shipping is held for the moment of the check, and PostgreSQL is read in one snapshot. ClickHouse then holds the log
below each stream's position, PostgreSQL's log at and above it has the rest, and together they must say what the ledger
says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from senet.insights.checks import clickhouse_checks, ledger_checks, message_checks
from senet.insights.checks.base import Check, Finding, Look
from senet.insights.freshness import find_as_of
from senet.interactions.shipper import shipping_held

CHECKS: tuple[Check, ...] = (*ledger_checks.CHECKS, *message_checks.CHECKS, *clickhouse_checks.CHECKS)
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One invariant: how many things were compared, and which of them break it."""

    name: str
    description: str
    holds: bool
    checked: int
    broken: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What the audit found. `clean` means that every invariant holds."""

    clean: bool
    as_of: datetime | None
    checks: tuple[CheckResult, ...]


def run(checks: Sequence[Check] = CHECKS) -> AuditReport:
    """Check every invariant. Raises: ClickHouseUnavailable."""
    with shipping_held() as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        look = Look(connection)
        results = tuple(_judge(check, check.look(look)) for check in checks)
        connection.execute("COMMIT")
    as_of = find_as_of("interaction", "visit_arrival", "visit_departure")
    return AuditReport(all(result.holds for result in results), as_of, results)


def _judge(check: Check, finding: Finding) -> CheckResult:
    broken = ""
    if finding.broken:
        examples = "; ".join(finding.broken[:_EXAMPLES])
        broken = f"{len(finding.broken)} of {finding.checked}: {examples}"
    return CheckResult(check.name, check.description, not finding.broken, finding.checked, broken)
