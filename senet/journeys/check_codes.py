"""The codes of the check for errors, each once: what it finds, how grave it is, and what to do.

The checks themselves say it with the names and numbers of the journey at hand; these are the general words. A test
holds that every code in this room's source is here, and none that is not; `reference.py` writes the page from it.
"""

from __future__ import annotations

from dataclasses import dataclass

ERROR, WARNING, INFORMATION = "error", "warning", "information"


@dataclass(frozen=True, slots=True)
class CheckCode:
    """One thing that a check may find. Only errors forbid going live."""

    code: str
    concerns: str  # a group of GROUPS
    severities: tuple[str, ...]
    finds: str
    advice: str


GROUPS = {
    "journey": "The journey's settings",
    "graph": "The drawing",
    "audience": "Audience",
    "entrance": "Form submitted, record updated",
    "email": "Email",
    "wait": "Wait for, wait until",
    "if_then": "If/then",
    "split": "Split",
    "activity": "Activities",
    "lead": "Create lead",
    "workflow": "Run workflow",
    "channel": "Custom channel",
    "text": "Text message, push notification",
    "update_column": "Update contact column",
    "exit": "Exit",
}


def _group(concerns: str, *rows: tuple[str, str, str, str]) -> tuple[CheckCode, ...]:
    return tuple(
        CheckCode(code, concerns, tuple(severity.split(" or ")), finds, advice)
        for code, severity, finds, advice in rows
    )


_ALL = (
    *_group(
        "journey",
        ("name_missing", ERROR, "The journey has no name.", "Give it a name."),
        ("time_zone_missing", ERROR, "The time zone is missing or unknown.", "Choose one such as Europe/Berlin."),
        ("start_missing", ERROR, "The journey has no start.", "Say when it starts."),
        ("end_missing", WARNING, "The journey has no end and runs until it is stopped.", "Set an end."),
        ("end_before_start", ERROR, "The journey ends before it starts, or then.", "Move the end after the start."),
        ("end_past", ERROR, "The journey's end is past.", "Move the end into the future."),
        (
            "interval_missing",
            ERROR,
            "The journey recurs, but it is not set how many days an iteration lasts.",
            "Say how many days, at least one.",
        ),
        (
            "iteration_count_missing",
            ERROR,
            "The journey recurs, but it is not set how often.",
            "Say how many iterations.",
        ),
        (
            "ErrorRecurringCampaignEndDateDoesNotFitRequestedIterations",
            ERROR,
            "So many iterations of so many days take longer than the journey lasts.",
            "Move the end, or lower the count or the interval.",
        ),
        (
            "suppression_not_live",
            ERROR,
            "The suppression segment is missing or not live.",
            "Take it live, or choose another.",
        ),
        (
            "suppression_in_audience",
            WARNING,
            "The suppression segment is one that the audience includes: its members are stopped as they enter.",
            "Choose another suppression segment, or exclude the segment from the audience.",
        ),
        (
            "content_settings_missing",
            ERROR,
            "The journey sends email but has no content settings, or they are gone.",
            "Choose the content settings whose address and links the emails carry.",
        ),
        (
            "content_settings_not_live",
            ERROR,
            "The content settings are not live, so nothing would be sent.",
            "Take the content settings live first.",
        ),
    ),
    *_group(
        "graph",
        ("definition_malformed", ERROR, "A tile's settings cannot be read.", "Mend the tile's settings."),
        (
            "dangling_branch",
            ERROR,
            "A way leads to a tile that is not there.",
            "Join it to a tile, or end the lane here.",
        ),
        (
            "cycle",
            ERROR,
            "A tile leads back to itself.",
            "A journey only goes forward. Take one of the connections away.",
        ),
        (
            "unreachable",
            WARNING,
            "Nobody can come to this tile.",
            "Join it to the journey or remove it, before the first go-live fixes the drawing.",
        ),
        (
            "leads_to_entrance",
            ERROR,
            "Another tile leads to where people enter.",
            "Let the lane end, or join it to another tile.",
        ),
        (
            "lanes_meet",
            INFORMATION,
            "Several lanes lead to this tile. Whoever has been here goes no further the second time.",
            "Nothing needs to be done.",
        ),
        (
            "empty_branch",
            WARNING,
            "Nothing follows on a branch: people who go there leave the journey.",
            "Join a tile to it, or leave it when that is meant.",
        ),
    ),
    *_group(
        "audience",
        ("audience_missing", ERROR, "There is no audience, or an empty one.", "Choose at least one segment or list."),
        (
            "only_exclusions",
            ERROR,
            "The audience only excludes people, so nobody can enter.",
            "Include at least one segment or list; what is excluded is taken away from it.",
        ),
        (
            "source_missing",
            ERROR,
            "A segment or list is not chosen; in an if/then, the tile that a rule asks about is not there any more.",
            "Choose one, or remove the row.",
        ),
        (
            "source_excluded_too",
            WARNING,
            "A segment is both included and excluded, so none of its members enters.",
            "Remove one of the two rows.",
        ),
        ("segment_missing", ERROR, "A segment does not exist.", "Choose another segment."),
        ("segment_not_live", ERROR, "A segment is not live.", "Take the segment live first."),
        ("list_missing", ERROR, "A subscription list does not exist.", "Choose another list."),
        (
            "list_excluded",
            ERROR,
            "A subscription list is excluded; it can only be included.",
            "Make a segment of its members and exclude that.",
        ),
    ),
    *_group(
        "entrance",
        ("form_missing", ERROR, "No form is chosen.", "Choose the form whose submissions bring people."),
        ("entity_unknown", ERROR, "There are no such records that have a contact.", "Choose another kind of record."),
        ("event_unusable", ERROR, "This event of these records brings nobody in.", "Choose another event."),
        ("column_unused", WARNING, "A column is set, but only changes look at one.", "Leave the column empty."),
        ("column_unknown", ERROR, "The records have no such column to watch.", "Choose another column."),
    ),
    *_group(
        "email",
        ("email_missing", ERROR, "No email is chosen, or it does not exist.", "Choose the email that this tile sends."),
        ("email_not_live", ERROR, "The email is not live.", "Take the email live first."),
        (
            "email_is_confirmation",
            ERROR,
            "The email is a confirmation request: double opt-in sends it to those who have asked.",
            "Choose another email.",
        ),
        (
            "expiration_past",
            WARNING,
            "The email has expired, or expires before the journey starts: nobody will get it.",
            "Choose a later moment, or switch the expiration off.",
        ),
        (
            "schedule_after_expiration",
            WARNING,
            "The schedule opens only after the email has expired: nobody will get it.",
            "Choose other times or a later expiration.",
        ),
        (
            "content_missing",
            ERROR,
            "A page, form, event or survey is not chosen yet.",
            "Choose one, or remove the tile or row.",
        ),
        (
            "schedule_twice",
            ERROR,
            "An email tile sends at each person's best hour, and has a schedule or an A/B test as well.",
            "Choose one of them.",
        ),
        (
            "ab_test_unusable",
            ERROR,
            "The A/B test does not exist or cannot be used by this tile.",
            "Choose another test, or switch it off.",
        ),
        (
            "email_large",
            WARNING,
            "The email's HTML has 100 KB or more; some mail programs will cut it off.",
            "Shorten it, or take out unused styles.",
        ),
        (
            "email_too_large",
            "warning or error",
            "The email's HTML has more than 128 KB. An error when the journey refuses large emails.",
            "Shorten it, or take out unused styles.",
        ),
        (
            "email_language_missing",
            WARNING,
            "The email does not say its language, which screen readers and translators need.",
            "Choose the email's language and take it live again.",
        ),
        (
            "email_language_differs",
            WARNING,
            "The email is in another language than one that the same people get before it.",
            "Choose an email in the same language, or send each language its own way.",
        ),
    ),
    *_group(
        "wait",
        ("duration_missing", ERROR, "No duration is set.", "Say how long people wait."),
        ("duration_not_positive", ERROR, "The duration is nothing or less.", "Make it longer."),
        ("duration_too_long", ERROR, "The duration is longer than ten years.", "Make it shorter."),
        ("moment_missing", ERROR, "No date and time is set.", "Say until when people wait."),
        (
            "moment_past",
            WARNING,
            "The moment is past: everybody passes at once.",
            "Choose a later moment or remove the tile.",
        ),
        (
            "wait_beyond_end",
            WARNING,
            "The wait reaches beyond the journey's end: nobody will leave the tile by it.",
            "Shorten the wait or move the end.",
        ),
    ),
    *_group(
        "if_then",
        ("rules_missing", ERROR, "There is no rule.", "Add a rule: an email and what happens to it."),
        ("timeout_missing", ERROR, "It is not set how long to wait.", "Say how long people wait."),
        ("timeout_not_positive", ERROR, "The wait is nothing or less.", "Make it longer."),
        ("timeout_too_long", ERROR, "The wait is longer than ten years.", "Make it shorter."),
        (
            "source_unusable",
            ERROR,
            "A rule asks about a tile of which there is nothing to ask.",
            "Choose an email, page, form, event or survey tile.",
        ),
        (
            "condition_unusable",
            ERROR,
            "A rule asks for something that the tile does not have.",
            "Choose another condition, or name the record at that tile.",
        ),
        (
            "element_missing",
            ERROR,
            "A rule does not name a page, form, event or survey that the tile leads to.",
            "Choose it, or add it to that tile.",
        ),
        (
            "source_not_earlier",
            ERROR,
            "A rule asks about a tile that does not come before this one.",
            "Choose an email tile on the way to this one.",
        ),
        (
            "response_missing",
            ERROR,
            "A rule asks for a response that the channel does not declare.",
            "Choose one of the channel's responses.",
        ),
        (
            "keyword_missing",
            ERROR,
            "A rule about a custom response names no keyword.",
            "Write the keyword that the answer has to be.",
        ),
        (
            "keyword_unused",
            WARNING,
            "A rule names a keyword, but its response takes none.",
            "Leave the keyword empty, or choose the custom response.",
        ),
        ("link_missing", ERROR, "A rule about one link names none.", "Choose a link of the email."),
        (
            "link_not_in_email",
            ERROR,
            "A rule asks for a link that the live email does not have.",
            "Choose one of the email's links.",
        ),
        (
            "variant_missing",
            ERROR,
            "A rule asks for a link of version B of an email that is sent without an A/B test.",
            "Choose a link of the email, or choose a test at its tile.",
        ),
        (
            "link_in_one_version",
            WARNING,
            "A rule asks for a link whose address only one version of an A/B test has.",
            "Leave it when it is meant that whoever gets the other version goes the way of No.",
        ),
    ),
    *_group(
        "split",
        ("branches_missing", ERROR, "A split has fewer than two branches.", "Add a branch."),
        ("amount_missing", ERROR, "A branch other than the last has no amount.", "Say how much it takes."),
        ("amount_wrong", ERROR, "An amount is 0 or less, or not a whole number of people.", "Change the amount."),
        ("over_100_percent", ERROR, "The branches take more than 100 per cent together.", "Lower some of the shares."),
        (
            "amount_unused",
            WARNING,
            "The last branch has an amount, although it takes whoever remains.",
            "Leave the last branch's amount empty.",
        ),
    ),
    *_group(
        "activity",
        ("subject_missing", ERROR, "The activity has no subject.", "Say what is to be done."),
        ("due_not_positive", ERROR, "The activity would be due before it is made.", "Make the time longer."),
        (
            "activity_time_too_long",
            ERROR,
            "A time of the activity is longer than ten years.",
            "Make it shorter.",
        ),
        ("template_missing", ERROR, "The activity template does not exist.", "Choose another template."),
        (
            "template_kind_wrong",
            ERROR,
            "The template is for another kind of activity than the tile makes.",
            "Choose a template of the tile's kind.",
        ),
        (
            "subject_unused",
            WARNING,
            "The tile has a subject although it uses a template.",
            "Leave one of the two empty.",
        ),
        (
            "start_after_missing",
            ERROR,
            "It is not set when an appointment starts.",
            "Say how long after somebody has come it starts.",
        ),
        (
            "start_after_negative",
            ERROR,
            "An appointment would start before it is made.",
            "Make the time until its start longer.",
        ),
        ("length_missing", ERROR, "It is not set how long an appointment lasts.", "Say how long it lasts."),
        ("length_not_positive", ERROR, "An appointment lasts no time.", "Make it longer."),
        (
            "company_target_missing",
            ERROR,
            "Something is made for each company, or goes to somebody by the company; the journey targets people.",
            "Make it for each contact, or let the journey target companies.",
        ),
    ),
    *_group(
        "lead",
        (
            "placeholder_missing",
            ERROR,
            "A company's lead has no last name.",
            "Say what a lead of a company has as its last name.",
        ),
    ),
    *_group(
        "workflow",
        ("workflow_missing", ERROR, "No workflow is chosen, or it does not exist.", "Choose the workflow to launch."),
        (
            "workflow_inactive",
            ERROR,
            "The workflow is not active: its calls would wait.",
            "Activate the workflow first.",
        ),
        (
            "workflow_broken",
            ERROR,
            "The workflow's action is not registered, or a module of actions cannot be imported.",
            "Look at SENET_ACTIONS.",
        ),
    ),
    *_group(
        "channel",
        ("channel_missing", ERROR, "No channel is chosen, or it does not exist.", "Choose the channel to use."),
        (
            "channel_broken",
            ERROR,
            "The channel's compliance column is not there, or its workflow cannot be called.",
            "Mend the channel first.",
        ),
    ),
    *_group(
        "text",
        (
            "sending_not_available",
            ERROR,
            "Senet cannot send text messages and push notifications yet.",
            "Use a custom channel, or take the tile out.",
        ),
        ("sender_missing", ERROR, "No sender is chosen.", "Choose the number, name or app it comes from."),
        ("text_missing", ERROR, "There is no text.", "Write what it says."),
        ("template_broken", ERROR, "The text's Liquid cannot be read, or names an unknown field.", "Mend the text."),
        ("text_too_long", ERROR, "The text takes more than ten segments.", "Shorten it."),
        (
            "text_segments",
            INFORMATION,
            "How many segments a sample contact's text takes.",
            "A shorter text costs less.",
        ),
        ("text_cut", WARNING, "The title or body is longer than devices show.", "Shorten it."),
    ),
    *_group(
        "update_column",
        ("column_missing", ERROR, "No column is chosen.", "Choose the column that the tile sets."),
        ("value_missing", ERROR, "There is no value.", "Say what the column is to hold."),
        (
            "value_wrong",
            ERROR,
            "The column may not be set for everybody, is not there, or cannot hold the value.",
            "Choose another column, or another value.",
        ),
        ("owner_missing", ERROR, "There is no user by that number.", "Choose another owner."),
        (
            "consent_too_low",
            WARNING,
            "The consent level is below the journey's minimum: everybody is stopped at the tile.",
            "Set a higher level, or end the lane there.",
        ),
    ),
    *_group(
        "exit",
        (
            "exit_at_once",
            WARNING,
            "The only entrance leads straight to an exit: everybody leaves as soon as they have entered.",
            "Put a tile between the audience and the exit.",
        ),
    ),
)
CODES: dict[str, CheckCode] = {each.code: each for each in _ALL}
