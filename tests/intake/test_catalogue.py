"""The catalogue is announced once for each state of the office's file."""

from sqlalchemy import select

from chassis.runtime import Runtime
from chassis.store import OutboxRow
from chassis.tenants import Service, Tenant, Words
from services.intake import catalogue
from services.intake.housekeeping import publish_all
from tests.intake.conftest import NOON


def changed(office: Tenant) -> Tenant:
    first: Service = office.services[0]
    other = first.model_copy(update={"summary": Words(zh="新的說明", en="A new summary")})
    return office.model_copy(update={"services": (other, *office.services[1:])})


def test_every_service_is_announced_once(intake: Runtime) -> None:
    office = intake.tenants["douliu"]
    with intake.store.session("douliu") as session:
        assert catalogue.publish(session, office, NOON) == [service.code for service in office.services]
    with intake.store.session("douliu") as session:
        assert catalogue.publish(session, office, NOON) == []
        envelopes = session.scalars(select(OutboxRow.envelope)).all()
    assert len(envelopes) == len(office.services)
    lamp = next(one["data"] for one in envelopes if one["data"]["code"] == "streetlight")
    assert (lamp["path"], lamp["version"], lamp["section"]["zh"]) == ("/douliu/services/streetlight", 1, "工務課")


def test_only_what_changed_is_announced_again(intake: Runtime) -> None:
    office = intake.tenants["douliu"]
    with intake.store.session("douliu") as session:
        catalogue.publish(session, office, NOON)
    with intake.store.session("douliu") as session:
        assert catalogue.publish(session, changed(office), NOON) == [office.services[0].code]
        newest = session.scalars(select(OutboxRow.envelope).order_by(OutboxRow.position.desc()).limit(1)).one()
        assert catalogue.versions(session)[office.services[0].code] == 2
    assert (newest["sequence"], newest["data"]["summary"]["en"]) == (2, "A new summary")


def test_all_offices_are_published_at_start(intake: Runtime) -> None:
    assert publish_all(intake) == sum(len(office.services) for office in intake.tenants.values())
    assert publish_all(intake) == 0
    with intake.store.session("anping") as session:
        assert len(catalogue.versions(session)) == len(intake.tenants["anping"].services)


def test_only_what_can_be_asked_for_is_online(intake: Runtime) -> None:
    offered = catalogue.online(intake.tenants["douliu"])
    assert all(service.online and service.kind != "information" for service in offered)
    assert "streetlight" in {service.code for service in offered}
