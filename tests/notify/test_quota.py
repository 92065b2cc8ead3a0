"""The day's quota: counted in Taipei, by office and channel; what is beyond it is parked for a person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chassis.runtime import Runtime
from chassis.tenants import Quota, Tenants
from services.notify import decisions, messages, quota
from services.notify.decisions import Person
from services.notify.sender import Sender
from services.notify.sms import RecordingSms
from tests.notify.world import EMAIL, Shifted, every, record, said, sender, tell

WHO = Person("chen", "陳課長")


@pytest.fixture
def frugal(runtime: Runtime) -> Runtime:
    """Offices of two SMS and one mail a day."""
    few = Quota(sms_per_day=2, email_per_day=1)
    runtime.tenants = Tenants([office.model_copy(update={"quota": few}) for office in runtime.tenants.values()])
    return runtime


def sent(runtime: Runtime) -> int:
    port = runtime.ports.sms
    assert isinstance(port, RecordingSms)
    return len(port.sent)


def resume(runtime: Runtime, message_id: str) -> None:
    with runtime.store.session("douliu") as session:
        message = messages.alone(session, message_id)
        assert message is not None
        decisions.resume(session, message, WHO, datetime.now(UTC))


def test_what_is_beyond_the_quota_is_parked_and_shown(frugal: Runtime) -> None:
    record(frugal)
    for number in range(4):
        tell(frugal, number=f"DL-115-00000{number}-1")
    tell(frugal, tenant="anping", number="AP-115-000001-1")
    sender(frugal).send()
    states = sorted((message.tenant, message.state, message.code or "") for message in every(frugal))
    assert states == [
        ("anping", "accepted", ""),
        ("douliu", "accepted", ""),
        ("douliu", "accepted", ""),
        ("douliu", "parked", "quota"),
        ("douliu", "parked", "quota"),
    ]
    parked = [data for kind, data in said(frugal) if kind == "message_failed.v1"]
    assert [(data["parked"], data["reason"]) for data in parked] == [
        (True, "the office has used up its messages for today")
    ] * 2


def test_each_channel_has_its_own_quota(frugal: Runtime) -> None:
    record(frugal)
    for number in range(2):
        tell(frugal, email=EMAIL, number=f"DL-115-00000{number}-1")
    sender(frugal).send()
    sender(frugal, "email").send()
    assert sorted((one.channel, one.state) for one in every(frugal)) == [
        ("email", "accepted"),
        ("email", "parked"),
        ("sms", "accepted"),
        ("sms", "accepted"),
    ]


def test_the_click_of_staff_lets_a_message_pass(frugal: Runtime) -> None:
    record(frugal)
    for number in range(3):
        tell(frugal, number=f"DL-115-00000{number}-1")
    sender(frugal).send()
    (parked,) = [message for message in every(frugal) if message.state == "parked"]
    resume(frugal, parked.id)
    sender(frugal).send()
    assert {message.state for message in every(frugal)} == {"accepted"}
    assert sent(frugal) == 3


def test_the_next_day_has_a_quota_of_its_own(frugal: Runtime) -> None:
    record(frugal)
    now = Shifted()
    day_after = Sender(frugal, sender(frugal)._courier, spawn=lambda work, *more: work(*more), now=now)
    for number in range(2):
        tell(frugal, number=f"DL-115-00000{number}-1")
    day_after.send()
    tell(frugal, "case_returned", number="DL-115-000003-1")
    now.forward(days=1)
    day_after.send()
    assert sent(frugal) == 3


def test_a_retry_of_today_is_not_counted_twice(frugal: Runtime) -> None:
    from services.notify.outcome import Later

    record(frugal, sms=[Later("20429", "…"), Later("20429", "…")])
    now = Shifted()
    again = Sender(frugal, sender(frugal)._courier, spawn=lambda work, *more: work(*more), now=now)
    for number in range(2):
        tell(frugal, number=f"DL-115-00000{number}-1")
    again.send()
    now.forward(seconds=11)
    again.send()
    assert {message.state for message in every(frugal)} == {"accepted"}


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (datetime(2026, 11, 18, 15, 59, tzinfo=UTC), datetime(2026, 11, 17, 16, tzinfo=UTC)),
        (datetime(2026, 11, 18, 16, 0, tzinfo=UTC), datetime(2026, 11, 18, 16, tzinfo=UTC)),
    ],
)
def test_the_day_begins_at_midnight_in_taipei(now: datetime, begins: datetime) -> None:
    assert quota.midnight(now) == begins


def test_the_month_begins_in_taipei() -> None:
    assert quota.month(datetime(2026, 10, 31, 16, tzinfo=UTC)) == datetime(2026, 10, 31, 16, tzinfo=UTC)


def test_plenty_is_not_counted_at_every_look(runtime: Runtime) -> None:
    office, now = runtime.tenants["douliu"], datetime.now(UTC)
    passed = 0.0
    glance, counted = quota.Glance(lambda: passed), office.quota.sms_per_day

    def look() -> int:
        with runtime.store.everywhere() as session:
            return glance.left(session, office, "sms", now)

    assert look() == counted
    tell(runtime)
    sender(runtime).send()
    assert look() == counted
    passed = quota.GLANCE_SECONDS
    assert look() == counted - 1


def test_little_is_counted_at_every_look(frugal: Runtime) -> None:
    office, now, glance = frugal.tenants["douliu"], datetime.now(UTC), quota.Glance()
    for left in (2, 1, 0):
        with frugal.store.everywhere() as session:
            assert glance.left(session, office, "sms", now) == left
        tell(frugal, number=f"DL-115-00000{left}-1")
        sender(frugal).send()
