"""What survey hears: a case was closed, so its applicant may be asked."""

from chassis.bus import Heard, Worker, event_handler
from services.survey import inbox
from services.survey.invitations import expiry, invite
from services.survey.model import Invitation
from services.survey.questionnaire import CURRENT


class Survey(Worker):
    """Survey on the bus."""

    name = "survey"

    @event_handler("intake", "case_closed.v1", reads=inbox.CaseClosed)
    def on_case_closed(self, heard: Heard[inbox.CaseClosed]) -> None:
        """The applicant got a link; survey gets the hash of its secret, and whom it is about."""
        if heard.data.survey_token_hash is not None:
            invite(heard.session, _invitation(heard, heard.data.survey_token_hash))


def _invitation(heard: Heard[inbox.CaseClosed], token_hash: str) -> Invitation:
    case, language = heard.data.case, _language(heard.data.recipient)
    closed_at = case.closed_at or heard.time
    about = {"case_number": case.number, "section": case.section, "service_code": case.service_code}
    names = {"service_zh": case.service.zh, "service_en": case.service.en}
    moments = {"closed_at": closed_at, "expires_at": expiry(closed_at)}
    return Invitation(token_hash=token_hash, language=language, questionnaire=CURRENT, **about, **names, **moments)


def _language(recipient: inbox.Recipient | None) -> str:
    return "en" if recipient and recipient.language.startswith("en") else "zh-Hant"
