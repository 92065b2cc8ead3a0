"""What Open311 clients send: the form of a new request, and the filters of a list (GeoReport v2)."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator, model_validator
from pydantic_core import PydanticCustomError

from chassis.clock import TAIPEI
from chassis.web.language import current
from services.intake.calendar import FIRST_YEAR, LAST_YEAR
from services.intake.lifecycle import Label

SPAN = timedelta(days=90)
MOST = 1000
LONGEST_LIST = 2_000
STATUSES = ("open", "closed")

NOT_A_MOMENT = Label(
    "請用 W3C 格式的日期時間，例如 2026-11-24T09:30:00+08:00。",
    "Give a W3C date and time, like 2026-11-24T09:30:00+08:00.",
)
TOO_WIDE = Label("期間不能超過 90 天。", "The range may not span more than 90 days.")
BACKWARDS = Label("要在起始時間之後。", "This must be after the start.")
NO_STATUS = Label("只能用 open 或 closed。", "Only open or closed.")


class Open311Form(BaseModel):
    """Strict: unknown fields are refused, texts come stripped."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False, populate_by_name=True
    )


class Keyed(Open311Form):
    """What every Open311 request may carry."""

    api_key: str | None = Field(default=None, max_length=100)
    jurisdiction_id: str | None = Field(default=None, max_length=100, description="the office's code")


class RequestForm(Keyed):
    """A new service request. One place is needed where something is to be repaired: lat and long, address or number."""

    service_code: str = Field(max_length=41)
    lat: float | None = Field(default=None, description="WGS84, degrees", examples=[23.7093])
    long: float | None = Field(default=None, description="WGS84, degrees", examples=[120.5412])
    address_string: str | None = Field(default=None, max_length=1_000)
    address_id: str | None = Field(default=None, max_length=100, description="not used")
    description: str | None = Field(default=None, max_length=4_000)
    first_name: str | None = Field(default=None, max_length=30)
    last_name: str | None = Field(default=None, max_length=29)
    phone: str | None = Field(default=None, max_length=40)
    email: str | None = Field(default=None, max_length=254)
    media_url: str | None = Field(default=None, max_length=2_000)
    account_id: str | None = Field(default=None, max_length=100, description="not used")
    device_id: str | None = Field(default=None, max_length=100, description="not used")
    lamp: str | None = Field(default=None, alias="attribute[pole]", description="number on the pole", max_length=20)
    park: str | None = Field(default=None, alias="attribute[park]", description="number of a park", max_length=20)
    facility: str | None = Field(
        default=None, alias="attribute[facility]", description="number of a facility", max_length=20
    )

    @property
    def person(self) -> str | None:
        """First and last name in the order of their script."""
        first, last = self.first_name or "", self.last_name or ""
        latin = f"{first}{last}".isascii()
        return (f"{first} {last}" if latin else f"{last}{first}").strip() or None

    @property
    def attributes(self) -> dict[str, str]:
        """The numbers given, by kind of asset."""
        given = {"lamp": self.lamp, "park": self.park, "facility": self.facility}
        return {kind: number for kind, number in given.items() if number is not None}


def _moment(value: Any) -> Any:
    """A W3C moment; a day is its first moment in Taipei, a moment without zone is Taipei's."""
    try:
        if len(value) <= len("2026-11-24"):
            return datetime.combine(date.fromisoformat(value), time(), TAIPEI)
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _said(NOT_A_MOMENT) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _said(NOT_A_MOMENT)
    return moment if moment.tzinfo else moment.replace(tzinfo=TAIPEI)


Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]


class RequestFilter(Keyed):
    """Which requests to list. Without dates and numbers: those of the last 90 days."""

    service_request_id: str | None = Field(default=None, max_length=LONGEST_LIST, description="separated by commas")
    service_code: str | None = Field(default=None, max_length=LONGEST_LIST, description="separated by commas")
    start_date: Moment | None = None
    end_date: Moment | None = None
    updated_after: Moment | None = None
    updated_before: Moment | None = None
    status: str | None = Field(default=None, max_length=20, description="open, closed, or both with a comma")
    page: int = Field(default=1, ge=1, le=1_000_000)
    page_size: int = Field(default=MOST, ge=1, le=MOST)

    @field_validator("status")
    @classmethod
    def _known_status(cls, value: str | None) -> str | None:
        if value is not None and not set(_listed(value)) <= set(STATUSES):
            raise _said(NO_STATUS)
        return value

    @model_validator(mode="after")
    def _in_order(self) -> "RequestFilter":
        start, end = self.start_date, self.end_date
        if start and end and end < start:
            raise _said(BACKWARDS, "end_date")
        if start and end and end - start > SPAN:
            raise _said(TOO_WIDE, "end_date")
        return self

    @property
    def numbers(self) -> list[str]:
        """The numbers asked for."""
        return _listed(self.service_request_id)

    @property
    def services(self) -> list[str]:
        """The service codes asked for."""
        return _listed(self.service_code)

    @property
    def only(self) -> Literal["open", "closed"] | None:
        """The one status asked for; None for both."""
        asked = set(_listed(self.status))
        return None if len(asked) != 1 else "open" if "open" in asked else "closed"

    def requested(self, now: datetime) -> tuple[datetime, datetime] | None:
        """From when to when they were requested; None where something else limits the list."""
        if self.start_date or self.end_date:
            end = self.end_date or (self.start_date or now) + SPAN
            return self.start_date or end - SPAN, end
        limited = self.numbers or self.updated_after or self.updated_before
        return None if limited else (now - SPAN, now)


def _listed(text: str | None) -> list[str]:
    return [part for part in map(str.strip, (text or "").split(",")) if part]


def _said(label: Label, field: str | None = None) -> PydanticCustomError:
    sentence = label.en if current() == "en" else label.zh
    return PydanticCustomError("value_error", "{error}", {"error": sentence, **({"field": field} if field else {})})
