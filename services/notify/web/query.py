"""What the outbox may be asked for, in the address of the page and of the API."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.notify.listing import CURSOR, Wanted
from services.notify.model import Channel, State

Purpose = Literal["case_opened", "case_returned", "case_closed"]
Cursor = Annotated[str, StringConstraints(pattern=CURSOR)]
CaseNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$", to_upper=True)]


class Which(BaseModel):
    """Filters and place in the list."""

    model_config = ConfigDict(extra="forbid")

    state: State | None = None
    purpose: Purpose | None = None
    channel: Channel | None = None
    case: CaseNumber | None = Field(default=None, description="case number")
    before: Cursor | None = Field(default=None, description="only what is older: `older` of a page")
    after: Cursor | None = Field(default=None, description="only what is newer: `newer` of a page")

    @property
    def wanted(self) -> Wanted:
        """The filters."""
        return Wanted(self.state, self.purpose, self.channel, self.case)

    def filters(self) -> dict[str, str]:
        """The filters that are set, as query parameters."""
        named = {"state": self.state, "purpose": self.purpose, "channel": self.channel, "case": self.case}
        return {name: value for name, value in named.items() if value is not None}
