"""What the shipper copies to ClickHouse: the log, the ledger of visits, contacts, joins and leaves, A/B draws."""

from __future__ import annotations

import senet.insights
import senet.interactions
from senet.insights.rollups import mend_events, mend_tile_hours
from senet.interactions.shipper import Stream

INTERACTION = Stream(
    name="interaction",
    room=senet.interactions,
    statement="ship_interaction",
    source="interaction",
    xid_column="xid",
    table="interaction",
    columns=(
        *("id", "xid", "type", "at", "recorded_at", "contact_id", "company_id", "lead_id", "visitor", "session"),
        *("journey_id", "iteration", "tile", "message_id", "email_id", "link", "form_id", "submission_id", "page_id"),
        *("website_id", "redirect_id", "list_id", "segment_id", "event_id", "domain", "address", "country", "region"),
        *("city", "browser", "os", "device", "verdict", "rule", "detail"),
    ),
    mend=mend_events,
)
VISIT_ARRIVAL = Stream(
    name="visit_arrival",
    room=senet.insights,
    statement="ship_visit_arrival",
    source="visit",
    xid_column="arrived_xid",
    table="visit_arrival",
    columns=("journey_id", "iteration", "tile", "contact_id", "arrived_at", "xid"),
    mend=mend_tile_hours,
)
VISIT_DEPARTURE = Stream(
    name="visit_departure",
    room=senet.insights,
    statement="ship_visit_departure",
    source="departure",
    xid_column="xid",
    table="visit_departure",
    columns=(
        *("journey_id", "iteration", "tile", "contact_id", "arrived_at", "left_at"),
        *("outcome", "reason", "branch", "weight", "xid"),
    ),
    mend=mend_tile_hours,
)
CONTACT = Stream(
    name="contact",
    room=senet.insights,
    statement="ship_contact",
    source="contact",
    xid_column="changed_xid",
    table="contact",
    columns=(
        *("id", "xid", "company_id", "business_unit_id", "owner_id", "country", "region", "city", "language"),
        *("time_zone", "consent_level", "active", "do_not_email", "do_not_bulk_email", "tracking_allowed"),
        *("created_at", "custom"),
    ),
)
MEMBERSHIP_CHANGE = Stream(
    name="membership_change",
    room=senet.insights,
    statement="ship_membership_change",
    source="membership_change",
    xid_column="xid",
    table="membership_change",
    columns=("id", "xid", "kind", "audience_id", "contact_id", "change", "by", "at"),
)
AB_MESSAGE = Stream(
    name="ab_message",
    room=senet.insights,
    statement="ship_ab_message",
    source="ab_message",
    xid_column="xid",
    table="ab_message",
    columns=("ab_test_id", "message_id", "variant", "sampled", "xid"),
)
STREAMS = (CONTACT, MEMBERSHIP_CHANGE, VISIT_ARRIVAL, VISIT_DEPARTURE, AB_MESSAGE, INTERACTION)
