"""The volumes of journey tiles. For any period: inflow = processing + stopped + expired + failed + processed."""

from __future__ import annotations

from senet.insights.kpis.values import Column, Kpi, Sum

TILE = "tile panel"

TILE_KPIS: tuple[Kpi, ...] = (
    Kpi(
        "inflow",
        "Inflow",
        "Contacts that have arrived at the tile, whatever became of them.",
        Column("inflow"),
        (TILE,),
    ),
    Kpi(
        "total",
        "Total",
        "All contacts that have entered the tile, in every state. The same as inflow; those still on their way are "
        "shown as queued.",
        Column("total"),
        (TILE,),
    ),
    Kpi(
        "processing",
        "Processing",
        "Contacts that stand in the tile now, such as those who wait for time to pass or for something to happen.",
        Column("processing"),
        (TILE,),
    ),
    Kpi(
        "queued",
        "Queued",
        "Contacts that stand at an earlier tile of the journey from which a way leads here.",
        Column("queued"),
        (TILE,),
    ),
    Kpi("in_progress", "In progress", "Processing and queued together.", Sum(("processing", "queued")), (TILE,)),
    Kpi(
        "stopped",
        "Stopped",
        "Contacts whose journey ended at the tile. The reason says why: suppression, consent or an unsubscribe.",
        Column("stopped"),
        (TILE,),
    ),
    Kpi(
        "expired",
        "Expired",
        "Contacts that passed an email tile whose mail was no longer to be sent. They go on without the mail.",
        Column("expired"),
        (TILE,),
    ),
    Kpi("not_processed", "Not processed", "Stopped and expired together.", Sum(("stopped", "expired")), (TILE,)),
    Kpi("failed", "Failed", "Contacts for whom the tile could not do its work.", Column("failed"), (TILE,)),
    Kpi(
        "processed",
        "Processed",
        "Contacts for whom the tile did its work and who went on, or to the end of the journey.",
        Column("processed"),
        (TILE,),
    ),
)
