"""Which period a reader of figures asks for."""

from pydantic import BaseModel, ConfigDict, Field

from services.survey.periods import Name


class Which(BaseModel):
    """`?period=`: this month until now, the whole last month, or this year until now, by the day a case was closed."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    period: Name = Field(default="this_month")
