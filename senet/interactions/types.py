"""The registry of interaction types: what each means and which columns it fills.

`docs/reference/interaction-types.md` and the headers of exports are generated from it. A type that is `derived` has no
row in the log: it is read from the ledger of visits, where it is the same fact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

CONTACT = ("contact_id", "company_id")
JOURNEY = ("journey_id", "iteration")
TILE = ("tile",)
MESSAGE = ("message_id", "email_id")
ADDRESS = ("domain", "address")
VISITOR = ("visitor", "session", "country", "region", "city", "browser", "os", "device", "verdict", "rule")
_CJ = CONTACT + JOURNEY
_CJA = _CJ + TILE
_CJAM = _CJA + MESSAGE
_CJAME = _CJAM + ADDRESS
_WEB = ("search_phrase", "search_engine", "visit_seconds", "returning")
_BOUNCE = ("bounce_category", "reason", "remote")


@dataclass(frozen=True, slots=True)
class InteractionType:
    """One kind of fact: its name, meaning, the log's columns and the keys of `detail` that it fills."""

    name: str
    group: str
    meaning: str
    columns: tuple[str, ...]
    detail: tuple[str, ...] = ()
    derived: bool = False


def _group(group: str, *types: tuple[str, str, tuple[str, ...], tuple[str, ...]]) -> Iterable[InteractionType]:
    return [InteractionType(name, group, meaning, columns, detail) for name, meaning, columns, detail in types]


def _blocks(*types: tuple[str, str]) -> Iterable[InteractionType]:
    return [InteractionType(name, "Email not sent", meaning, _CJAME, ("reason",)) for name, meaning in types]


def _visits(*types: tuple[str, str]) -> Iterable[InteractionType]:
    return [InteractionType(name, "Journey", meaning, _CJA, ("reason", "branch"), True) for name, meaning in types]


_EMAIL = _group(
    "Email outcome",
    ("EmailSent", "The mail was handed to a server for delivery.", _CJAME, ()),
    ("EmailDelivered", "The recipient's server accepted the mail.", _CJAME, ("remote_bounced",)),
    ("EmailOpened", "The mail's beacon was loaded.", _CJAME + VISITOR, ("user_agent", "source")),
    (
        "EmailClicked",
        "A tracked link of the mail was followed.",
        (*_CJAME, "link", *VISITOR),
        ("user_agent", "source", "referrer", "version", *_WEB),
    ),
    (
        "HiddenLinkFollowed",
        "A program followed the link of the mail that no reader sees. It is no click.",
        _CJAME + VISITOR,
        ("user_agent", "source"),
    ),
    (
        "EmailForwarded",
        "The mail was sent on through the forward page.",
        _CJAME + VISITOR,
        ("recipient_contact_id", "submission_id"),
    ),
    ("EmailHardBounced", "The address was refused for good.", _CJAME, _BOUNCE),
    ("EmailSoftBounced", "The mail was refused for now, and the attempts are used up.", _CJAME, _BOUNCE),
    ("EmailBlockBounced", "The receiving side refused the sender or the content, not the address.", _CJAME, _BOUNCE),
    ("EmailHardRemoteBounced", "A hard bounce came back after the mail had been accepted.", _CJAME, _BOUNCE),
    ("EmailSoftRemoteBounced", "A soft bounce came back after the mail had been accepted.", _CJAME, _BOUNCE),
    ("EmailFeedbackLoop", "The recipient marked the mail as spam.", _CJAME, ()),
    (
        "EmailSubscriptionSubmit",
        "The subscription centre was submitted through this mail's link.",
        _CJAM + VISITOR,
        ("user_agent", "consent_level", "consent_before"),
    ),
    ("EmailSendingFailed", "The mail could not be made or sent because of a fault on our side.", _CJAME, ("reason",)),
)
_NOT_SENT = _blocks(
    ("EmailBlocked", "Not sent, for the reason that the row gives."),
    ("InvalidRecipientAddress", "Not sent: the contact has no address that a mail could go to."),
    ("InvalidSenderAddress", "Not sent: the from address is empty or malformed after rendering."),
    ("InvalidReplyToAddress", "Not sent: the reply-to address is malformed after rendering."),
    ("EmailContainsBlockListedLinks", "Not sent: a link of the mail is on the block list."),
    ("OutOfEmailCredits", "Not sent: the quota of mails is used up."),
    ("EmailBlockedByUser", "Not sent: the contact allows no mail, or no bulk mail."),
    (
        "EmailBlockedByFrequencyCap",
        "Not sent: the contact has had as many commercial mails as the cap allows.",
    ),
    ("EmailBlockedByUnsubscription", "Not sent: the contact left the list that the mail goes to."),
    (
        "EmailBlockedByActivityExpiration",
        "Not sent: the tile's mail had expired when the contact arrived or it waited.",
    ),
    ("EmailBlockedDuplicateAddress", "Not sent: somebody with the same address got it from this tile already."),
    ("EmailBlockedInactiveContact", "Not sent: the contact is deactivated."),
    ("EmailBlockedMissingContactData", "Not sent: the contact is gone, or data that the mail needs is missing."),
    ("EmailBlockedMissingRelatedData", "Not sent: a record that the mail refers to is missing."),
    ("EmailBlockedExternalConsentFailure", "Not sent: the external consent service did not answer."),
    ("EmailBlockedConsentNotGiven", "Not sent: the contact's consent is below what the mail needs."),
    ("EmailBlockedOtherReason", "Not sent, for a reason that has no type of its own."),
    ("EmailBounceCacheBlocked", "Not sent: the address is on the suppression list after bounces or a complaint."),
    ("DomainNotOwnedByAnyone", "Not sent: the from address's domain is not authenticated."),
    ("DomainOwnedByDifferentOrganization", "Not sent: the from address's domain belongs to somebody else."),
    ("MissingDataAccessPrivileges", "Not sent: Senet may not read data that the mail needs."),
)
_JOURNEY = _visits(
    ("ActivityContactDispatched", "The contact arrived at a tile."),
    ("ActivityContactBlocked", "The contact was stopped at the tile; the reason says why."),
    ("ActivityContactBlockedSuppression", "The contact was stopped: they are in the suppression segment."),
    ("ActivityContactBlockedConsent", "The contact was stopped: their consent is below the journey's minimum."),
    ("ActivityContactBlockedExternalConsent", "The contact was stopped by the external consent service."),
    ("ActivityContactBlockedBusinessUnit", "The contact was stopped: they belong to another business unit."),
    ("ActivityContactExpired", "The contact passed an email tile whose mail had expired."),
    ("PassThroughActivityContactProcessed", "The contact went through a tile that does nothing by itself."),
    ("SchedulerActivityContactProcessed", "A waiting tile let the contact go."),
    ("TriggerActivityContactProcessed", "The contact left an if/then tile; branch says which way."),
    ("SplitterActivityContactProcessed", "The contact left a split; branch says which way."),
    ("CreateCrmActivityContactProcessed", "An activity (task, phone call, appointment) was made for the contact."),
)
_JOURNEY_LOGGED = _group(
    "Journey",
    (
        "ActivityContactProcessingFailed",
        "What a tile launched for the contact failed for good; it can be recovered.",
        _CJA,
        ("reason", "workflow_id", "call_id"),
    ),
    ("TriggerCrmWorkflowActivityContactProcessed", "A workflow was launched for the contact.", _CJA, ("workflow_id",)),
    ("WorkflowCallSucceeded", "A workflow that was launched did its work.", _CJA, ("workflow_id", "call_id")),
    ("CreateLeadActivityContactProcessed", "A lead was made for the contact.", (*_CJA, "lead_id"), ()),
    (
        "CreateCustomChannelActivityContactProcessed",
        "A custom channel was asked to act.",
        _CJA,
        ("channel_id", "activity_id"),
    ),
    (
        "CustomChannelResponse",
        "A custom channel told what came of it; match is the keyword as it is compared.",
        _CJA,
        ("channel_id", "activity_id", "response", "keyword", "match"),
    ),
    ("CustomerJourneyContactRecordUpdated", "A changed record brought the contact into the journey.", _CJA, ()),
    ("CustomerJourneyIterationStarted", "An iteration of the journey began.", JOURNEY, ()),
)
_WEB_TYPES = _group(
    "Forms, pages and links",
    ("FormVisited", "A page with a form was opened.", (*_CJAME, "form_id", "page_id", *VISITOR), ("referrer", *_WEB)),
    (
        "FormSubmitted",
        "A form was submitted.",
        (*_CJAME, "form_id", "submission_id", "page_id", "lead_id", *VISITOR),
        ("result", "contact_matching", "lead_matching", "values", "referrer", *_WEB),
    ),
    (
        "WebsiteVisited",
        "A tracked page was loaded.",
        (*_CJAME, "website_id", "page_id", *VISITOR),
        ("url", "referrer", *_WEB),
    ),
    (
        "WebsiteClicked",
        "A link on a tracked page was followed.",
        (*_CJAME, "website_id", "page_id", *VISITOR),
        ("url", "target", "referrer", *_WEB),
    ),
    ("RedirectLinkClicked", "A redirect address was followed.", (*_CJ, "redirect_id", *VISITOR), ("referrer", *_WEB)),
    (
        "ConfirmationRequest",
        "A mail that asks for confirmation was requested; journey and message are those of the mail that led there.",
        (*_CJAME, "list_id", *VISITOR),
        ("request", "request_type", "object_name", "object_value", "by"),
    ),
    (
        "ConfirmationResponse",
        "A request for confirmation was answered; the message is the mail that asked.",
        (*_CJAME, "list_id", *VISITOR),
        ("request", "answer"),
    ),
)
_SUBSCRIPTION = _group(
    "Subscriptions, segments and leads",
    (
        "SegmentSubscribed",
        "The contact joined a subscription list through a centre or a page, or confirmed that they do.",
        (*_CJ, *MESSAGE, *ADDRESS, "list_id", *VISITOR),
        ("by",),
    ),
    (
        "SegmentUnsubscribed",
        "The contact left a subscription list, or refused bulk mail by one click.",
        (*_CJ, *MESSAGE, *ADDRESS, "list_id", *VISITOR),
        ("by",),
    ),
    (
        "SegmentRelationshipEdited",
        "Somebody edited who is on a list.",
        (*CONTACT, "list_id", "segment_id"),
        ("change",),
    ),
    ("SegmentMembersCountChanged", "A sample of a segment's size.", ("segment_id",), ("members",)),
    ("LeadScoreBoost", "A lead's score was raised.", (*_CJA, "lead_id"), ("boost",)),
    ("ContactDeleted", "A contact was deleted.", ("contact_id",), ()),
    ("EntityDeleted", "Another record was deleted.", (), ("entity", "entity_id")),
)
_EVENTS = _group(
    "Events, surveys and social networks",
    ("EventRegistration", "A registration for an event was made.", (*_CJ, "event_id"), ("registration_id",)),
    ("EventRegistrationCanceled", "A registration for an event was cancelled.", (*CONTACT, "event_id"), ()),
    ("SessionRegistrationCanceled", "A registration for a session was cancelled.", (*CONTACT, "event_id"), ()),
    ("EventCheckIn", "Attendance at an event was recorded.", (*_CJ, "event_id"), ("check_in_id",)),
    ("SurveyResponse", "A survey was answered.", _CJ, ("survey_id", "score")),
    ("LinkedInFormSubmission", "A form on LinkedIn was submitted.", CONTACT, ("campaign_id", "form")),
)

TYPES: dict[str, InteractionType] = {
    one.name: one
    for group in (_EMAIL, _NOT_SENT, _JOURNEY, _JOURNEY_LOGGED, _WEB_TYPES, _SUBSCRIPTION, _EVENTS)
    for one in group
}
BLOCKED_TYPES: tuple[str, ...] = tuple(one.name for one in _NOT_SENT)
ALIASES = {"EmailContainsBlacklistedLinks": "EmailContainsBlockListedLinks"}
