"""What can go wrong in the log and on its way to ClickHouse."""

from __future__ import annotations

from senet.shared.errors import SenetError


class UnknownInteractionType(SenetError):
    """No interaction type has that name; add it to interactions/types.py first."""

    code = "unknown_interaction_type"
    status = 422


class ClickHouseUnavailable(SenetError):
    """ClickHouse does not answer, so there are no numbers just now; mail, links and journeys go on. Try again soon."""

    code = "clickhouse_unavailable"
    status = 503


class ClickHouseFolderBusy(ClickHouseUnavailable):
    """Another process has this ClickHouse folder open. Ask the running app, or stop it first."""

    code = "clickhouse_folder_busy"


class ClickHouseTooOld(ClickHouseUnavailable):
    """The ClickHouse server is too old for Senet. Upgrade it."""
