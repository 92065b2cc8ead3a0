"""Demonstration data: played through the real rules, without a message to anybody, and only once."""

from sqlalchemy import func, select

from chassis import clock
from chassis.runtime import Runtime
from chassis.store import OutboxRow
from services.intake import staff
from services.intake.demo import demo
from services.intake.demo_accounts import PASSWORD
from services.intake.model import Case, HistoryRow, StaffMember


def loaded(intake: Runtime, tenant: str = "douliu") -> list[tuple[int, int, str]]:
    return list(demo(intake, tenant))


def test_an_office_comes_alive(intake: Runtime) -> None:
    progress = loaded(intake)
    assert [done for done, _, _ in progress] == list(range(1, progress[-1][1] + 1))
    with intake.store.session("douliu") as session:
        statuses = set(session.scalars(select(Case.status)))
        lamp = session.scalars(select(Case).where(Case.asset_number == "01234")).first()
    assert {"received", "in_progress", "returned", "closed"} <= statuses
    assert lamp is not None


def test_loading_again_changes_nothing(intake: Runtime) -> None:
    counts = []
    for _ in range(2):
        loaded(intake)
        with intake.store.everywhere() as session:
            counts.append([session.scalar(select(func.count()).select_from(table))
                           for table in (Case, HistoryRow, OutboxRow, StaffMember)])  # fmt: skip
    assert counts[0] == counts[1]


def test_nobody_is_told_of_the_past(intake: Runtime) -> None:
    loaded(intake)
    with intake.store.session("douliu") as session:
        told = [one["data"].get("recipient") for one in session.scalars(select(OutboxRow.envelope))]
    assert set(told) == {None}


def test_everything_lies_in_the_past_and_in_order(intake: Runtime) -> None:
    loaded(intake)
    now = clock.now()
    with intake.store.session("douliu") as session:
        for number in session.scalars(select(Case.number)):
            times = session.scalars(
                select(HistoryRow.at).where(HistoryRow.number == number).order_by(HistoryRow.id)
            ).all()
            assert list(times) == sorted(times)
            assert times[-1] <= now


def test_demo_accounts_sign_in(intake: Runtime) -> None:
    loaded(intake)
    for username in ("lin.works", "city.it"):
        assert staff.sign_in(intake.store, "douliu", username, PASSWORD, clock.now()).member is not None


def test_the_laptop_tells_how_to_sign_in_once_the_demo_is_loaded(intake: Runtime) -> None:
    assert intake.manifest.greets(intake, "douliu") == []
    loaded(intake)
    (line,) = intake.manifest.greets(intake, "douliu")
    assert line.startswith("/douliu/desk/ ")
    assert all(word in line for word in ("lin.works (clerk)", "(chief)", "(head)", PASSWORD))


def test_every_office_has_a_demo(lite: Runtime) -> None:
    for tenant in lite.tenants:
        loaded(lite, tenant)
        with lite.store.session(tenant) as session:
            assert session.scalar(select(func.count()).select_from(Case)) >= 20  # type: ignore[operator]
