"""The check of tiles that act outside: workflows, channels, and rules about a channel's responses."""

from __future__ import annotations

from typing import Any

import pytest

from senet.accounts.values import Author
from senet.integrations.models import Workflow
from senet.journeys import actions
from senet.journeys.check import CheckReport
from senet.people.models import CustomColumn
from tests.support.accounts import main_unit, make_user
from tests.support.channels import make_channel
from tests.support.journeys import (
    START,
    Lane,
    audience,
    custom_channel,
    email,
    if_then,
    make_content_settings,
    make_email,
    make_segment,
    opened,
    responded,
    run_workflow,
    task,
)
from tests.support.webhooks import make_workflow

pytestmark = pytest.mark.django_db


def check(lane: Lane, **settings: Any) -> CheckReport:
    """Check a journey that begins with an audience."""
    settings.setdefault("content_settings_id", make_content_settings())
    tiles = (audience(make_segment()) >> lane).number(range(1, 100))
    author = Author(make_user().pk, main_unit().pk)
    drawn = {"name": "Journey", "start_at": START, "definition": {"tiles": tiles}, **settings}
    return actions.check(actions.create_journey(author=author, now=START, **drawn), START)


def findings(report: CheckReport) -> set[tuple[str, str]]:
    """Severity and code of what was found, apart from a missing end."""
    return {(each.severity, each.code) for each in report.problems if each.where.startswith("tiles")}


def test_a_workflow_has_to_be_there_and_active() -> None:
    workflow, _ = make_workflow()
    assert findings(check(run_workflow(workflow))) == set()
    assert findings(check(run_workflow(None))) == {("error", "workflow_missing")}
    assert findings(check(run_workflow(workflow + 99))) == {("error", "workflow_missing")}
    Workflow.objects.update(active=False)
    assert findings(check(run_workflow(workflow))) == {("error", "workflow_inactive")}


def test_an_action_that_is_not_registered_here_is_found() -> None:
    workflow, _ = make_workflow()
    Workflow.objects.update(kind="action", action="nobody.knows")
    report = check(run_workflow(workflow))
    assert findings(report) == {("error", "workflow_broken")}
    assert "SENET_ACTIONS" in report.errors[0].message


def test_only_a_journey_of_companies_launches_once_a_company() -> None:
    lane = run_workflow(make_workflow()[0], launch_for="company")
    assert findings(check(lane)) == {("error", "company_target_missing")}
    assert findings(check(run_workflow(make_workflow()[0], launch_for="company"), target="company")) == set()


def test_a_channel_has_to_be_there_with_what_it_needs() -> None:
    column = CustomColumn.objects.create(entity="contact", key="no_letters", label="No letters", kind="boolean")
    workflow, _ = make_workflow()
    channel = make_channel(compliance_column="custom.no_letters", workflow_id=workflow)
    assert findings(check(custom_channel(channel))) == set()
    assert findings(check(custom_channel(None))) == {("error", "channel_missing")}
    assert findings(check(custom_channel(channel + 99))) == {("error", "channel_missing")}
    Workflow.objects.update(active=False)
    assert findings(check(custom_channel(channel))) == {("error", "channel_broken")}
    Workflow.objects.update(active=True)
    column.delete()
    assert findings(check(custom_channel(channel))) == {("error", "channel_broken")}


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (responded(2, "delivered"), set()),
        (responded(2, "answer", "yes"), set()),
        (responded(2, "lost"), {("error", "response_missing")}),
        (responded(2, None), {("error", "response_missing")}),
        (responded(2, "answer"), {("error", "keyword_missing")}),
        (responded(2, "answer", "  "), {("error", "keyword_missing")}),
        (responded(2, "delivered", "yes"), {("warning", "keyword_unused")}),
        (opened(2), {("error", "condition_unusable")}),
        (responded(3, "delivered"), {("error", "condition_unusable")}),
        (responded(5, "delivered"), {("error", "source_not_earlier")}),
        (responded(9, "delivered"), {("error", "source_missing")}),
    ],
)
def test_a_rule_asks_a_channel_for_what_it_declares(rule: dict[str, Any], found: set[tuple[str, str]]) -> None:
    condition = if_then(rule, days=3, yes=custom_channel(make_channel()), no=task())
    lane = custom_channel(make_channel()) >> email(make_email()) >> condition
    assert findings(check(lane)) == found


@pytest.mark.parametrize(
    ("tile", "found"),
    [
        ({"kind": "text_message", "text": "Hi {{ contact.first_name }}", "sender": "+4930"},
         {("information", "text_segments")}),
        ({"kind": "text_message", "text": "Hi {{ contact.nickname }}", "sender": "+4930"},
         {("error", "template_broken"), ("information", "text_segments")}),
        ({"kind": "text_message"}, {("error", "sender_missing"), ("error", "text_missing")}),
        ({"kind": "text_message", "text": "x" * 1531, "sender": "Shop"}, {("error", "text_too_long")}),
        ({"kind": "push", "heading": "Hi", "body": "There", "sender": "App"}, set()),
        ({"kind": "push", "heading": "x" * 66, "body": "{{ oops", "sender": "App"},
         {("warning", "text_cut"), ("error", "template_broken")}),
        ({"kind": "push"}, {("error", "sender_missing"), ("error", "text_missing")}),
    ],
)  # fmt: skip
def test_text_messages_and_push_are_checked_and_do_not_go_live(
    tile: dict[str, Any], found: set[tuple[str, str]]
) -> None:
    assert findings(check(Lane(tile))) == {("error", "sending_not_available"), *found}
