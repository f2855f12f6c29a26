"""Leads of a whole cohort at once: always new ones, never matched with what is there."""

from __future__ import annotations

from datetime import datetime

import senet.people
from senet.people.values import LeadSource
from senet.shared.sql import execute


def make_leads(
    source: LeadSource,
    *,
    topic: str,
    last_name: str,
    for_company: bool,
    for_inactive: bool,
    owner_id: int | None,
    business_unit_id: int,
    now: datetime,
) -> int:
    """Make a lead of each contact of the temporary table `cohort(contact_id)`, or one of each of their companies.

    `last_name` is a company's lead's, and a contact's who has none. Runs in the caller's transaction; one statement,
    which also logs each lead. Running it again changes nothing. An owner who is gone is not set. Returns how many
    were made.
    """
    return execute(
        senet.people,
        "make_company_leads" if for_company else "make_leads",
        {
            "journey_id": source.journey_id,
            "iteration": source.iteration,
            "tile": source.tile,
            "email_id": source.email_id,
            "topic": topic,
            "last_name": last_name,
            "for_inactive": for_inactive,
            "owner_id": owner_id,
            "business_unit_id": business_unit_id,
            "now": now,
        },
    )
