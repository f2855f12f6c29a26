"""What the replaced product's entities, columns and relations are called here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from senet.content.language.shapes import Fields, Rows

_PERSON = {
    "firstname": "first_name",
    "lastname": "last_name",
    "fullname": "name",
    "emailaddress1": "email",
}
_ADDRESS = {"address1_city": "city", "address1_country": "country"}
CONTACT = {
    **_PERSON,
    **_ADDRESS,
    "contactid": "external_id",
    "mobilephone": "mobile_phone",
    "address1_line1": "street",
    "address1_stateorprovince": "region",
    "address1_postalcode": "postal_code",
    "msdyncrm_consentgiven": "consent_level",
    "msdynmkt_consentgiven": "consent_level",
}
COMPANY = {
    **_ADDRESS,
    "accountid": "external_id",
    "name": "name",
    "websiteurl": "website",
    "industrycode": "industry",
    "numberofemployees": "employees",
}
OWNER = {"systemuserid": "id", "fullname": "name", "internalemailaddress": "email"}
LEAD = {
    **_PERSON,
    "leadid": "id",
    "subject": "topic",
    "telephone1": "phone",
    "companyname": "company_name",
    "createdon": "created_at",
}
SETTINGS = {
    "msdyncrm_name": "name",
    "msdyncrm_addressmain": "address_main",
    "msdyncrm_addressline2": "address_line_2",
    "msdyncrm_subscriptioncenter": "subscription_center",
}
MESSAGE = {
    "viewaswebpageurl": "web_view_url",
    "confirmationredirecturl": "confirmation_url",
    "confirmationrequesttype": "confirmation_request_type",
    "confirmationobjectname": "confirmation_object_name",
    "confirmationobjectvalue": "confirmation_object_value",
    "confirmationobjectdescription": "confirmation_object_description",
}
# Names without a root: the path here, and what deserves a look.
ALONE: Mapping[str, tuple[str, str]] = {
    "confirmationurl": ("message.confirmation_url", ""),
    "subscriptionlistnames": (
        "message.confirmation_object_name",
        "each list has a confirmation mail of its own here, which names that list",
    ),
}

# Roots by their old names, and the columns that each leads to.
ROOTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "contact": ("contact", CONTACT),
    "account": ("company", COMPANY),
    "msdyncrm_contentsettings": ("content_settings", SETTINGS),
    "message": ("message", MESSAGE),
}
# One hop from a root: N:1 relations, which lead to one record.
HOPS: Mapping[tuple[str, str], tuple[str, Mapping[str, str]]] = {
    ("contact", "contact_account_parentcustomerid"): ("contact.company", COMPANY),
    ("contact", "contact_account_accountid"): ("contact.company", COMPANY),
    ("contact", "contact_systemuser_owninguser"): ("contact.owner", OWNER),
    ("contact", "contact_customer_accounts"): ("contact.company", COMPANY),
}
# 1:N relations, which are looped over: the path here, the row's name, and its columns.
LOOPS: Mapping[tuple[str, str], tuple[str, str, Mapping[str, str]]] = {
    ("contact", "contact_lead_parentcontactid"): ("contact.leads", "lead", LEAD),
    ("contact", "lead_parent_contact"): ("contact.leads", "lead", LEAD),
    ("contact", "lead_customer_contacts"): ("contact.leads", "lead", LEAD),
    ("account", "lead_parent_account"): ("company.leads", "lead", LEAD),
    ("account", "lead_customer_accounts"): ("company.leads", "lead", LEAD),
    ("account", "contact_customer_accounts"): ("company.contacts", "person", CONTACT),
    ("account", "contact_account_parentcustomerid"): ("company.contacts", "person", CONTACT),
}
# Records named by their id: account(…) is found by the id that it had there, kept as external id.
RECORDS: Mapping[str, tuple[str, Mapping[str, str]]] = {"account": ("company", COMPANY)}
KNOWN_ABSENT: Mapping[str, str] = {
    "msdyncrm_forwardtoafriend": "forwarding to a friend is no column of content settings here",
    "formdoisubmission": "what a form was submitted with is not in its confirmation mail here",
    "msevtmgt_checkin_url": "event registrations have no check-in address here",
    "msdyncrm_marketingpage": "pages are not named by their id here; write the page's address",
    "msevtmgt_event": "choose a calendar event for the email and write {{ event.… }}",
    "owner": "the owner is reached as contact.contact_systemuser_owninguser there, and as {{ contact.owner.… }} here",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What there is here: every root with its fields, and what kind of value a path holds where that is known.

    `kinds`: path → text, number, boolean, choice …; `options`: path → the values that a column of choices has.
    """

    fields: Fields
    kinds: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def has(self, path: str) -> bool:
        """Say whether a dotted path leads to a value here."""
        known: Fields | None = self.fields
        for name in path.split("."):
            if known is None or isinstance(known, Rows) or name not in known:
                return False
            known = known[name]
        return known is None
