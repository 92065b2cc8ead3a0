"""What survey stores: who may answer, what they are about to answer, what they have answered. Moments are UTC."""

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.store import Key, Owned, UtcDateTime, ground_tables, naming

State = Literal["invited", "answered", "expired"]


class Base(DeclarativeBase):
    """Survey's tables."""

    metadata = MetaData(naming_convention=naming)


class Invitation(Owned, Base):
    """One applicant may say once how one closed case was handled.

    `token_hash` is the SHA-256 (hex) of the secret in the link; the secret itself is nowhere in this store. It is
    unique over all offices, since the link names no office. `questionnaire` is the version that will be asked.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("invitation_closed", "tenant", "closed_at"),
        Index("invitation_of_case", "tenant", "case_number"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    case_number: Mapped[str] = mapped_column(String(40))
    service_code: Mapped[str] = mapped_column(String(60))
    service_zh: Mapped[str] = mapped_column(String(200))
    service_en: Mapped[str] = mapped_column(String(200))
    section: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(10))
    questionnaire: Mapped[int]
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def state(self, now: datetime) -> State:
        """Where it stands now. It follows from the moments kept, so that nothing has to change it in time."""
        if self.answered_at is not None:
            return "answered"
        return "invited" if now < self.expires_at else "expired"

    def service(self, lang: str) -> str:
        """The name of the service the case was about."""
        return self.service_en if lang.startswith("en") else self.service_zh


class Draft(Owned, Base):
    """What has been filled in but not sent: so that going back keeps it. Nobody at the office sees it."""

    __tablename__ = "draft"

    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), primary_key=True, autoincrement=False)
    satisfaction: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(40))
    comment: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Answer(Owned, Base):
    """What one applicant said (AP6): 1 very dissatisfied … 5 very satisfied, under one version of the questionnaire."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("tenant", "invitation_id"),
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction_range"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"))
    case_number: Mapped[str] = mapped_column(String(40))
    questionnaire: Mapped[int]
    satisfaction: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(40))
    comment: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


ground_tables(Base.metadata)
