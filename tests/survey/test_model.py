"""The migrated database is the one the code believes in, and locked."""

from datetime import UTC, datetime, timedelta

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from chassis.runtime import Runtime
from chassis.store.migrations import _config
from services.survey import manifest
from services.survey.model import Invitation


def test_the_migrated_database_is_the_metadata(survey: Runtime) -> None:
    with survey.store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        expected = {"spatial_ref_sys"}  # PostGIS brings it
        found = [change for change in compare_metadata(context, manifest.tables) if change[0] != "remove_table"]
        assert found == []
        named = set(inspect(connection).get_table_names()) - expected - {"alembic_version"}
    assert named == set(manifest.tables.tables)


def test_every_table_is_locked(survey: Runtime) -> None:
    if survey.store.dialect != "postgresql":
        return
    with survey.store.everywhere() as session:
        locked = session.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"))
        assert set(locked) == set(manifest.tables.tables)


def test_the_way_back_leaves_nothing(survey: Runtime) -> None:
    with survey.store.engine.connect() as connection:
        config = _config(manifest)
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
        assert not set(inspect(connection).get_table_names()) & set(manifest.tables.tables)


def test_an_invitation_expires_by_itself() -> None:
    end = datetime(2026, 12, 4, 6, tzinfo=UTC)
    invitation = Invitation(expires_at=end)
    assert invitation.state(end - timedelta(microseconds=1)) == "invited"
    assert invitation.state(end) == "expired"
    invitation.answered_at = end - timedelta(days=1)
    assert invitation.state(end) == "answered"
