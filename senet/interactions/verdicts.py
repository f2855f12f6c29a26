"""Whose responses count when somebody asks: everybody's, people's, robots', proxies'."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Verdict(StrEnum):
    """Whose opens and clicks count."""

    ALL = "all"
    HUMAN = "human"  # without robots and proxies
    BOT = "bot"
    PROXY = "proxy"
    UNKNOWN = "unknown"


JUDGED_TYPES = ("EmailOpened", "EmailClicked")  # only these are done by somebody whom one can take for another
VERDICTS: Mapping[Verdict, tuple[str, ...]] = {  # what the log's column says of those who count
    Verdict.HUMAN: ("human", "unknown"),
    Verdict.BOT: ("bot",),
    Verdict.PROXY: ("proxy",),
    Verdict.UNKNOWN: ("unknown",),
}
