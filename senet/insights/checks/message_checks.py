"""The outbox: its states say the same as the log, and every message is somewhere."""

from __future__ import annotations

from senet.insights.checks.base import Check, Finding, Look, Rows, compare
from senet.interactions.types import BLOCKED_TYPES

# What the log must hold once for a message in a state; nothing for those not yet sent.
_LOGGED: dict[str, tuple[str, ...]] = {
    "queued": (),
    "sent": ("EmailSent",),
    "delivered": ("EmailSent", "EmailDelivered"),
    "hard_bounced": ("EmailSent", "EmailHardBounced"),
    "soft_bounced": ("EmailSent", "EmailSoftBounced"),
    "block_bounced": ("EmailSent", "EmailBlockBounced"),
    "remotely_hard_bounced": ("EmailSent", "EmailDelivered", "EmailHardRemoteBounced"),
    "remotely_soft_bounced": ("EmailSent", "EmailDelivered", "EmailSoftRemoteBounced"),
    "failed": ("EmailSendingFailed",),
    "blocked": ("blocked",),
}
_TYPES = sorted({name for names in _LOGGED.values() for name in names} - {"blocked"})


def _count_log(look: Look) -> list[tuple[object, ...]]:
    """Return the whole log's count by journey, tile and type: ClickHouse below the position, PostgreSQL above."""
    position = look.position("interaction")
    types = [*_TYPES, *BLOCKED_TYPES]
    shipped: Rows = look.clickhouse(
        "SELECT journey_id, tile, type, count() FROM interaction"
        " WHERE xid < {xid:UInt64} AND message_id != 0 AND type IN {types:Array(String)} GROUP BY 1, 2, 3",
        xid=position,
        types=types,
    )
    waiting = look.postgres("audit_unshipped_log", xid=position, types=types)
    blocked = set(BLOCKED_TYPES)
    return [
        (journey, tile, "blocked" if name in blocked else name, count)
        for journey, tile, name, count in (*shipped, *waiting)
    ]


def _check_log(look: Look) -> Finding:
    expected: list[tuple[object, ...]] = []
    for journey, tile, state, count in look.postgres("audit_message_states"):
        expected += [(journey, tile, name, count) for name in _LOGGED.get(state, ("an unknown state",))]
    say = "journey {0}, tile {1}: the outbox accounts for {ours} × {2}, the log for {theirs}"
    return compare(expected, _count_log(look), say)


def _check_equation(look: Look) -> Finding:
    """Every message is queued, sending, sent, blocked or failed; and sent is delivered, bounced or awaited."""
    broken = []
    rows = look.postgres("audit_message_states")
    for journey, tile, state, count in rows:
        if state not in _LOGGED:
            broken.append(f"journey {journey}, tile {tile}: {count} messages in the unknown state {state}")
    return Finding(sum(int(row[-1]) for row in rows), broken)


def _check_one_each(look: Look) -> Finding:
    """A message is logged as sent once, and has one outcome."""
    rows = look.clickhouse(
        "SELECT message_id, type, count() AS times FROM interaction"
        " WHERE message_id != 0 AND type IN {types:Array(String)} GROUP BY 1, 2 HAVING times > 1 LIMIT 100",
        types=[*_TYPES, *BLOCKED_TYPES],
    )
    ((checked,),) = look.clickhouse("SELECT uniqExact(message_id) FROM interaction WHERE message_id != 0")
    return Finding(int(checked), [f"message {message}: {name} {times} times" for message, name, times in rows])


def _check_queue(look: Look) -> Finding:
    """What is queued will be sent, because senders look nowhere else."""
    ((queued, missing, stray),) = look.postgres("audit_queue")
    broken = [f"{missing} queued messages are not in the queue"] if missing else []
    if stray:
        broken.append(f"{stray} messages are in the queue and not queued")
    return Finding(int(queued), broken)


CHECKS = (
    Check(
        "message equation",
        "Targeted = queued + sent + blocked + failed; sent = delivered + hard + soft + block bounces + awaiting.",
        _check_equation,
    ),
    Check("queue is whole", "Every queued message is in the queue, and no other is.", _check_queue),
    Check("outbox and log agree", "Each state of the outbox is the log's own account of it.", _check_log),
    Check("messages are logged once", "No message is sent, delivered, bounced or blocked twice.", _check_one_each),
)
