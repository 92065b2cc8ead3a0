"""How Twilio says no: an HTTP status, a code of its own and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

DOCUMENTATION: Final = "https://www.twilio.com/docs/errors/"
SENTENCES: Final[Mapping[int, str]] = {
    20001: "Unknown or invalid parameter: {}",
    20003: "Authenticate",
    20404: "The requested resource {} was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    21211: "Invalid 'To' Phone Number: {}",
    21212: "Invalid From Number: {}",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {}.",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number cannot be used to send to {}.",
    21608: "The number {} is unverified. Trial accounts cannot send messages to unverified numbers.",
    21609: "The 'StatusCallback' URL {} is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient {}",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21612: "The 'To' phone number {} is not currently reachable",
    21614: "'To' number {} is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21635: "'To' number {} is a landline",
    21705: "The Messaging Service Sid {} is invalid",
    35118: "MessagingServiceSid is required to schedule a message",
    90007: "Invalid validity period value: {}",
}


class Refusal(Exception):
    """An answer that accepts nothing more. `problem` writes it as RFC 9457, which Twilio's newer services do."""

    def __init__(
        self, code: int, subject: str = "", status: int = 400, retry_after: int | None = None, problem: bool = False
    ) -> None:
        super().__init__(SENTENCES.get(code, "Refused: {}").format(subject))
        self.code, self.status, self.problem = code, status, problem
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}

    def content(self) -> dict[str, Any]:
        """The body of the answer."""
        about = f"{DOCUMENTATION}{self.code}"
        if self.problem:
            return {"type": about, "title": str(self), "status": self.status, "code": self.code}
        return {"code": self.code, "message": str(self), "more_info": about, "status": self.status}
