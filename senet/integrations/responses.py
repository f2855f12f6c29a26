"""Writes: responses that partners send back, each recorded once, however often it is sent.

A response is an interaction in the log; if/then tiles ask for it by the type that `name_response` makes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import senet.integrations
from senet.integrations.models import ChannelActivity, ChannelResponse
from senet.integrations.queries import read_responses
from senet.integrations.values import Response, ResponseResult, ResponseType, ResponseVerdict
from senet.shared.errors import Problem
from senet.shared.sql import fetch_all

LONGEST_KEYWORD = 200
_FUTURE = timedelta(minutes=5)  # how far ahead of ours a partner's clock may be
_CONFLICT = Problem(
    "idempotency_conflict", "This idempotency key was used for another response to the activity. Take a new one."
)


def match_keyword(text: str) -> str:
    """Return a keyword as keywords are compared: in any case, without spaces around it."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def name_response(response: str, keyword: str | None = None) -> str:
    """Return the type by which a response is asked for: any of its kind, or those with a certain keyword."""
    base = f"CustomChannelResponse:{response}"
    return base if keyword is None else f"{base}={match_keyword(keyword)}"


def record_responses(
    responses: Sequence[Response], *, now: datetime, unit_ids: frozenset[int] | None = None
) -> list[ResponseVerdict]:
    """Record what can be recorded, each once, and say of each what became of it, in their order.

    Activities of channels outside of `unit_ids` are not there (None: all are).
    """
    declared = _find_declared({one.activity_id for one in responses}, unit_ids)
    verdicts: dict[int, ResponseVerdict] = {}
    chosen: dict[tuple[int, str], Response] = {}
    for place, one in enumerate(responses):
        first = chosen.get((one.activity_id, one.idempotency_key))
        problem = _judge(one, declared.get(one.activity_id), now)
        if problem is None and first is not None and not _is_same(one, first.response, first.keyword, first.at):
            problem = _CONFLICT
        if problem is not None:
            verdicts[place] = _refuse(one, problem)
        elif first is None:
            chosen[one.activity_id, one.idempotency_key] = one
    kept = _write(list(chosen.values()), now)
    known = _find_known(set(chosen) - kept)
    told: set[tuple[int, str]] = set()
    for place, one in enumerate(responses):
        if place in verdicts:
            continue
        key = (one.activity_id, one.idempotency_key)
        if key not in kept and not _is_same(one, *known[key]):
            verdicts[place] = _refuse(one, _CONFLICT)
        else:
            result = ResponseResult.RECORDED if key in kept and key not in told else ResponseResult.REPEATED
            verdicts[place] = ResponseVerdict(*key, result)
        told.add(key)
    return [verdicts[place] for place in range(len(responses))]


def _refuse(one: Response, problem: Problem) -> ResponseVerdict:
    return ResponseVerdict(one.activity_id, one.idempotency_key, ResponseResult.REFUSED, problem.code, problem.message)


def _find_declared(ids: set[int], unit_ids: frozenset[int] | None) -> dict[int, dict[str, ResponseType]]:
    """Return, for each activity that is there, the responses that its channel declares."""
    rows = ChannelActivity.objects.filter(pk__in=ids)
    if unit_ids is not None:
        rows = rows.filter(channel__business_unit_id__in=unit_ids)
    found: dict[int, dict[str, ResponseType]] = {}
    channels: dict[int, dict[str, ResponseType]] = {}
    for activity_id, channel_id, kept in rows.values_list("id", "channel_id", "channel__responses"):
        if channel_id not in channels:
            channels[channel_id] = read_responses(kept)
        found[activity_id] = channels[channel_id]
    return found


def _judge(one: Response, declared: Mapping[str, ResponseType] | None, now: datetime) -> Problem | None:
    if declared is None:
        return Problem("activity_not_found", "There is no such channel activity, or you may not see it.")
    kind = declared.get(one.response)
    if kind is None:
        names = ", ".join(declared) or "none"
        return Problem("response_unknown", f"The channel declares no such response. It declares: {names}.")
    if kind.custom and not match_keyword(one.keyword):
        return Problem("keyword_missing", f"The response “{one.response}” takes a keyword.")
    if not kind.custom and one.keyword:
        return Problem("keyword_not_taken", f"The response “{one.response}” takes no keyword.")
    if one.at is not None and one.at > now + _FUTURE:
        return Problem("at_in_future", "The response's moment has not come yet.")
    return None


def _is_same(one: Response, response: str, keyword: str, at: datetime | None) -> bool:
    """Say whether a response is the one that was recorded; a moment that was left out is no difference."""
    same = (one.response, one.keyword.strip()) == (response, keyword.strip())
    return same and (one.at is None or at is None or one.at == at)


def _write(responses: Sequence[Response], now: datetime) -> set[tuple[int, str]]:
    """Write responses with their interactions; return the keys of those that were not there yet."""
    if not responses:
        return set()
    parameters = {
        "activities": [one.activity_id for one in responses],
        "keys": [one.idempotency_key for one in responses],
        "responses": [one.response for one in responses],
        "keywords": [one.keyword.strip() for one in responses],
        "matches": [match_keyword(one.keyword) for one in responses],
        "ats": [one.at or now for one in responses],
        "now": now,
    }
    return {(row[0], row[1]) for row in fetch_all(senet.integrations, "record_responses", parameters)}


def _find_known(keys: set[tuple[int, str]]) -> dict[tuple[int, str], tuple[str, str, datetime]]:
    if not keys:
        return {}
    rows = ChannelResponse.objects.filter(
        activity_id__in={activity_id for activity_id, _ in keys}, idempotency_key__in={key for _, key in keys}
    ).values_list("activity_id", "idempotency_key", "response", "keyword", "at")
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in rows}
