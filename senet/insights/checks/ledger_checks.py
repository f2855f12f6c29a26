"""The ledger of visits: whole in itself, and the same in ClickHouse."""

from __future__ import annotations

from senet.insights.checks.base import Check, Finding, Look, compare


def _check_visits(look: Look) -> Finding:
    ((visits, broken),) = look.postgres("audit_broken_visits")
    return Finding(
        visits, [f"{broken} visits have left without an outcome, or have one without having left"] * (broken > 0)
    )


def _check_arrivals(look: Look) -> Finding:
    position = look.position("visit_arrival")
    there = look.clickhouse(
        "SELECT journey_id, iteration, tile, count() FROM visit_arrival WHERE xid < {xid:UInt64} GROUP BY 1, 2, 3",
        xid=position,
    )
    say = "journey {0}, iteration {1}, tile {2}: {ours} arrivals in the ledger, {theirs} in ClickHouse"
    return compare(look.postgres("audit_arrivals", xid=position), there, say)


def _check_departures(look: Look) -> Finding:
    position = look.position("visit_departure")
    there = look.clickhouse(
        "SELECT journey_id, iteration, tile, outcome, reason, branch, sum(weight) FROM visit_departure"
        " WHERE xid < {xid:UInt64} GROUP BY 1, 2, 3, 4, 5, 6",
        xid=position,
    )
    say = "journey {0}, iteration {1}, tile {2}, {3} {4}, branch {5}: {ours} in the ledger, {theirs} in ClickHouse"
    return compare(look.postgres("audit_departures", xid=position), there, say)


def _check_tile_equation(look: Look) -> Finding:
    """In ClickHouse, inflow less all outcomes must be those who stand in the tile, as the ledger has it."""
    position = min(look.position("visit_arrival"), look.position("visit_departure"))
    there = look.clickhouse(
        "SELECT journey_id, iteration, tile, sum(moved) FROM ("
        "SELECT journey_id, iteration, tile, toInt64(count()) AS moved FROM visit_arrival WHERE xid < {xid:UInt64}"
        " GROUP BY 1, 2, 3 UNION ALL "
        "SELECT journey_id, iteration, tile, -sum(toInt64(weight)) AS moved FROM visit_departure"
        " WHERE xid < {xid:UInt64} GROUP BY 1, 2, 3) GROUP BY 1, 2, 3",
        xid=position,
    )
    say = "journey {0}, iteration {1}, tile {2}: {ours} stand there, but inflow less outcomes is {theirs}"
    return compare(look.postgres("audit_standing", xid=position), there, say)


def _check_rollup(look: Look) -> Finding:
    raw = look.clickhouse(
        "SELECT journey_id, tile, iteration, 'arrivals', toInt64(count()) FROM visit_arrival GROUP BY 1, 2, 3"
        " UNION ALL "
        "SELECT journey_id, tile, iteration, 'departures', sum(weight) FROM visit_departure GROUP BY 1, 2, 3"
    )
    hours = look.clickhouse(
        "SELECT journey_id, tile, iteration, 'arrivals', toInt64(sum(arrived)) FROM tile_hour GROUP BY 1, 2, 3"
        " UNION ALL "
        "SELECT journey_id, tile, iteration, 'departures', sum(departed) FROM tile_hour GROUP BY 1, 2, 3"
    )
    return compare(raw, hours, "journey {0}, tile {1}, iteration {2}: {ours} {3}, {theirs} in the roll-up")


CHECKS = (
    Check("visits are whole", "A visit has an outcome exactly when it has ended.", _check_visits),
    Check("arrivals agree", "Every arrival of the ledger is in ClickHouse once.", _check_arrivals),
    Check("departures agree", "Every departure of the ledger is in ClickHouse once.", _check_departures),
    Check(
        "tile equation",
        "Inflow = processing + stopped + expired + failed + processed, for every tile and iteration.",
        _check_tile_equation,
    ),
    Check("tile roll-up agrees", "The numbers by the hour add up to the visits.", _check_rollup),
)
