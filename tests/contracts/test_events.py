"""Events are contracts: said with examples, heard by readers that understand every one of them."""

from typing import Any

import pytest
from pydantic import ValidationError

from chassis.bus import Event
from chassis.bus.catalogue import Subscription, asked, heard, markdown, said
from chassis.manifest import installed
from tests.servers import ROOT

MANIFESTS = installed()
EVENTS = said(MANIFESTS)
HEARD = heard(MANIFESTS)

# Renaming a handler strands its queue with whatever waits in it: a change here needs a migration of the broker.
QUEUES = [
    "evt-gis-asset_published.v1--search.on_asset_published",
    "evt-intake-case_closed.v1--gis.on_case_closed",
    "evt-intake-case_closed.v1--notify.on_case_closed",
    "evt-intake-case_closed.v1--search.on_case_closed",
    "evt-intake-case_closed.v1--survey.on_case_closed",
    "evt-intake-case_opened.v1--gis.on_case_opened",
    "evt-intake-case_opened.v1--notify.on_case_opened",
    "evt-intake-case_opened.v1--search.on_case_opened",
    "evt-intake-case_reopened.v1--gis.on_case_reopened",
    "evt-intake-case_reopened.v1--search.on_case_reopened",
    "evt-intake-case_returned.v1--notify.on_case_returned",
    "evt-intake-case_returned.v1--search.on_case_returned",
    "evt-intake-case_supplemented.v1--search.on_case_supplemented",
    "evt-intake-case_taken.v1--search.on_case_taken",
    "evt-intake-case_withdrawn.v1--gis.on_case_withdrawn",
    "evt-intake-case_withdrawn.v1--search.on_case_withdrawn",
    "evt-intake-service_published.v1--search.on_service_published",
    "evt-notify-message_accepted.v1--intake.on_message_accepted",
    "evt-notify-message_failed.v1--intake.on_message_failed",
    "evt-survey-survey_answered.v1--intake.on_survey_answered",
]


def test_events_md_is_what_the_code_says() -> None:
    assert (ROOT / "EVENTS.md").read_text(encoding="utf-8") == markdown(MANIFESTS), "run `lamppost events > EVENTS.md`"


def test_queue_names_are_pinned() -> None:
    assert sorted(subscription.queue for subscription in HEARD) == QUEUES


@pytest.mark.parametrize("subscription", HEARD, ids=lambda subscription: subscription.queue)
def test_every_subscription_has_a_publisher(subscription: Subscription) -> None:
    assert (subscription.source, subscription.event) in {(event.source, event.type) for event in EVENTS}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_every_event_is_heard_by_somebody(event: type[Event]) -> None:
    # The relay publishes with `mandatory`: what nobody is bound for stays in the outbox.
    assert event.type in {subscription.event for subscription in HEARD}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_every_event_has_true_examples_and_says_when_it_fires(event: type[Event]) -> None:
    assert event.examples
    assert event.__doc__
    assert event.type.rpartition(".v")[2].isdigit()
    for example in event.examples:
        event.model_validate(example)


def _cases() -> list[Any]:
    return [
        pytest.param(subscription, example, id=f"{subscription.queue}[{number}]")
        for subscription in HEARD
        for event in EVENTS
        if event.type == subscription.event
        for number, example in enumerate(event.examples)
    ]


@pytest.mark.parametrize(("subscription", "example"), _cases())
def test_every_example_is_understood_by_every_reader(subscription: Subscription, example: dict[str, Any]) -> None:
    said_now = next(event for event in EVENTS if event.type == subscription.event).model_validate(example)
    subscription.reads.model_validate(said_now.model_dump(mode="json"))
    subscription.reads.model_validate({**example, "a_field_of_next_year": {"x": 1}})


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_an_event_refuses_what_it_does_not_know(event: type[Event]) -> None:
    with pytest.raises(ValidationError):
        event.model_validate({**event.examples[0], "surprise": 1})


def test_questions_are_known() -> None:
    assert asked(MANIFESTS) == ["gis.asset", "gis.nearest"]
