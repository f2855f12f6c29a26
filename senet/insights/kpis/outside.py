"""The KPIs of tiles that ask something of the outside: run workflow and custom channel."""

from __future__ import annotations

from senet.insights.kpis.values import Column, Kpi, Total

WORKFLOW, CHANNEL = "run workflow tile", "custom channel tile"

OUTSIDE_KPIS: tuple[Kpi, ...] = (
    Kpi(
        "launched",
        "Launched",
        "Times that the workflow was launched: once for each contact or, where the tile says so, for each company.",
        Total(("TriggerCrmWorkflowActivityContactProcessed",)),
        (WORKFLOW,),
    ),
    Kpi(
        "calls_succeeded",
        "Succeeded",
        "Launches that the workflow has carried out, at the first attempt or at a later one.",
        Total(("WorkflowCallSucceeded",)),
        (WORKFLOW,),
    ),
    Kpi(
        "calls_failed",
        "Failed for good",
        "Launches that failed for good and have not been carried out since. Each is a recovery item, until somebody "
        "recovers or deletes it.",
        Column("calls_failed"),
        (WORKFLOW,),
    ),
    Kpi(
        "channel_activities",
        "Sent to the channel",
        "Contacts for whom the channel was asked to act. Those whom its compliance column protects are not among them.",
        Total(("CreateCustomChannelActivityContactProcessed",)),
        (CHANNEL,),
    ),
    Kpi(
        "channel_responded",
        "With a response",
        "Contacts of whom the channel has told at least one response, of whatever kind.",
        Column("channel_responded"),
        (CHANNEL,),
    ),
    Kpi(
        "channel_responses",
        "Responses",
        "All responses that the channel has told, also several for one contact. Below, each kind that it declares.",
        Total(("CustomChannelResponse",)),
        (CHANNEL,),
    ),
)
