"""The KPIs of emails. The words are the glossary's; which count divides which is decided here and nowhere else."""

from __future__ import annotations

from senet.insights.kpis.values import Kpi, Ratio, Sum, Total, UniqueLinks, UniqueMessages
from senet.interactions.types import BLOCKED_TYPES

OVERVIEW = "email overview"
TILE = "email tile"
_BOTH = (OVERVIEW, TILE)
OPENED, CLICKED = ("EmailOpened",), ("EmailClicked",)
HARD = ("EmailHardBounced", "EmailHardRemoteBounced")
SOFT = ("EmailSoftBounced", "EmailSoftRemoteBounced")
_REMOTE = ("EmailHardRemoteBounced", "EmailSoftRemoteBounced")

EMAIL_KPIS: tuple[Kpi, ...] = (
    Kpi(
        "targeted",
        "Targeted",
        "Messages whose outcome is settled: sent, blocked or failed. Those that wait to be sent are not among them.",
        Sum(("sent", "blocked", "sending_failed")),
        (OVERVIEW,),
    ),
    Kpi(
        "blocked",
        "Blocked",
        "Messages that were not attempted because a rule forbade it. The breakdown says which rule; duplicates of an "
        "address within a tile and expired mails are among them.",
        Total(BLOCKED_TYPES),
        _BOTH,
    ),
    Kpi(
        "duplicates",
        "Duplicate addresses",
        "Blocked messages to an address that the same email tile of the journey had already served.",
        Total(("EmailBlockedDuplicateAddress",)),
        (OVERVIEW,),
    ),
    Kpi(
        "sent",
        "Sent",
        "Messages handed to a mail server. Bounces are among them, blocked messages are not.",
        Total(("EmailSent",)),
        _BOTH,
    ),
    Kpi(
        "sending_failed",
        "Sending failed",
        "Messages that a fault on our side kept from being sent.",
        Total(("EmailSendingFailed",)),
        _BOTH,
    ),
    Kpi("accepted", "Accepted", "Messages that the recipient's server took.", Total(("EmailDelivered",)), (OVERVIEW,)),
    Kpi(
        "remote_bounces",
        "Bounced after acceptance",
        "Messages that came back although the recipient's server had taken them.",
        Total(_REMOTE),
        (OVERVIEW,),
    ),
    Kpi(
        "delivered",
        "Delivered",
        "Messages that the recipient's server took and that did not come back.",
        Sum(("accepted",), ("remote_bounces",)),
        _BOTH,
    ),
    Kpi(
        "hard_bounces",
        "Hard bounces",
        "Messages refused for good: the mailbox or its domain does not exist.",
        Total(HARD),
        _BOTH,
    ),
    Kpi(
        "soft_bounces",
        "Soft bounces",
        "Messages refused for the time being, such as by a full mailbox, until the attempts were used up.",
        Total(SOFT),
        _BOTH,
    ),
    Kpi(
        "block_bounces",
        "Block bounces",
        "Messages refused because of the sender or the content rather than the address.",
        Total(("EmailBlockBounced",)),
        _BOTH,
    ),
    Kpi(
        "bounces",
        "Bounces",
        "Hard, soft and block bounces together.",
        Sum(("hard_bounces", "soft_bounces", "block_bounces")),
        (OVERVIEW,),
    ),
    Kpi(
        "awaiting",
        "Awaiting a report",
        "Messages sent of which the receiving side has said nothing yet.",
        Sum(("sent",), ("delivered", "bounces")),
        (OVERVIEW,),
    ),
    Kpi(
        "feedback_loops",
        "Marked as spam",
        "Messages that their recipients reported as spam.",
        UniqueMessages(("EmailFeedbackLoop",)),
        (OVERVIEW,),
    ),
    Kpi(
        "opens",
        "Opens",
        "Every time a message's images were loaded, by the same person or another. A mail read without images is not "
        "counted; a privacy proxy that loads images for everybody is, unless it is filtered out.",
        Total(OPENED),
        (OVERVIEW,),
    ),
    Kpi(
        "unique_opens",
        "Unique opens",
        "Messages opened at least once.",
        UniqueMessages(OPENED),
        _BOTH,
    ),
    Kpi(
        "did_not_open",
        "Did not open",
        "Messages delivered and not opened: delivered less unique opens.",
        Sum(("delivered",), ("unique_opens",)),
        (OVERVIEW,),
    ),
    Kpi(
        "clicks",
        "Clicks",
        "Every time a tracked link was followed. May exceed the number of messages.",
        Total(CLICKED),
        (OVERVIEW,),
    ),
    Kpi(
        "unique_clicks",
        "Unique clicks",
        "Messages in which at least one link was followed. May exceed unique opens, because clicks need no images.",
        UniqueMessages(CLICKED),
        _BOTH,
    ),
    Kpi(
        "unique_link_clicks",
        "Unique link clicks",
        "Links followed, each counted once per message.",
        UniqueLinks(CLICKED),
        (OVERVIEW,),
    ),
    Kpi(
        "forwards",
        "Forwarded",
        "Recipients entered on the forward page. Forwarding in a mail program cannot be seen.",
        Total(("EmailForwarded",)),
        (OVERVIEW,),
    ),
    Kpi(
        "subscription_submits",
        "Preferences submitted",
        "Messages through whose link the subscription centre was submitted, whether or not anything was changed.",
        UniqueMessages(("EmailSubscriptionSubmit",)),
        (OVERVIEW,),
    ),
    Kpi(
        "unsubscribes",
        "Unsubscribed",
        "Messages whose recipient left at least one list, or all marketing mail, through the message.",
        UniqueMessages(("SegmentUnsubscribed",)),
        _BOTH,
    ),
    Kpi(
        "delivery_rate",
        "Delivery rate",
        "Delivered as a share of sent.",
        Ratio("delivered", "sent"),
        (OVERVIEW,),
    ),
    Kpi(
        "open_rate",
        "Open rate",
        "Unique opens as a share of delivered.",
        Ratio("unique_opens", "delivered"),
        (OVERVIEW,),
    ),
    Kpi(
        "click_through_rate",
        "Click-through rate",
        "Unique clicks as a share of delivered.",
        Ratio("unique_clicks", "delivered"),
        (OVERVIEW,),
    ),
    Kpi(
        "click_to_open_rate",
        "Click-to-open rate",
        "Unique clicks as a share of unique opens. May exceed 100 %, because clicks need no images.",
        Ratio("unique_clicks", "unique_opens"),
        (OVERVIEW,),
    ),
    Kpi(
        "unsubscribe_rate",
        "Unsubscribe rate",
        "Unsubscribed as a share of delivered.",
        Ratio("unsubscribes", "delivered"),
        (OVERVIEW,),
    ),
    Kpi(
        "hard_bounce_rate",
        "Hard bounce rate",
        "Hard bounces as a share of sent.",
        Ratio("hard_bounces", "sent"),
        (OVERVIEW,),
    ),
    Kpi(
        "soft_bounce_rate",
        "Soft bounce rate",
        "Soft bounces as a share of sent.",
        Ratio("soft_bounces", "sent"),
        (OVERVIEW,),
    ),
    Kpi(
        "spam_rate",
        "Spam rate",
        "Messages marked as spam as a share of delivered.",
        Ratio("feedback_loops", "delivered"),
        (OVERVIEW,),
    ),
    Kpi(
        "blocked_rate",
        "Blocked rate",
        "Blocked as a share of targeted.",
        Ratio("blocked", "targeted"),
        (OVERVIEW,),
    ),
)
