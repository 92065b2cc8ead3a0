"""The door of a survey link: the secret in the path becomes an invitation, its office and its applicant's language."""

from flask import g, request
from flask_babel import gettext

from chassis.clock import now
from chassis.web import Problem, current_runtime, language
from services.survey.invitations import find, hash_of, tenant_of
from services.survey.model import Invitation
from services.survey.questionnaire import VERSIONS, Questionnaire


def enter(token: str) -> None:
    """Put the invitation into `g.invitation` and its office into `g.office`. Errors: `Problem` 404."""
    g.private = True
    invitation = _found(hash_of(token))
    if invitation is None:
        raise Problem(404, _too_new_or_wrong(), title=gettext("找不到這份問卷"))
    g.invitation = invitation
    _speak(invitation)


def refuse_unless_open() -> None:
    """Errors: `Problem` 410 when it was answered, or its time is over."""
    match invitation().state(now()):
        case "answered":
            raise Problem(410, gettext("每個案件只要回答一次，不用再填。"), title=gettext("謝謝，我們已經收到您的意見"))
        case "expired":
            closed = gettext("結案後 14 天內可以填寫。您還是可以打電話告訴我們。")
            raise Problem(410, closed, title=gettext("這份問卷已經截止"))


def invitation() -> Invitation:
    """The invitation of this request."""
    found: Invitation = g.invitation
    return found


def questionnaire() -> Questionnaire:
    """The version this applicant is asked."""
    return VERSIONS[invitation().questionnaire]


def _found(token_hash: str | None) -> Invitation | None:
    runtime = current_runtime()
    if token_hash is None:
        return None
    with runtime.store.everywhere() as everywhere:
        tenant = tenant_of(everywhere, token_hash)
    if tenant is None or tenant not in runtime.tenants:
        return None
    g.office, g.tenant = runtime.tenant(tenant), tenant
    with runtime.store.session(tenant) as session:
        return find(session, token_hash)


def _speak(invitation: Invitation) -> None:
    # Who wrote to the office in a language is asked in it, unless this browser has chosen one.
    chosen = language.PARAMETER in request.args or language.COOKIE in request.cookies
    if not chosen and invitation.language in language.offered():
        g.language = invitation.language


def _too_new_or_wrong() -> str:
    return str(gettext("如果您剛剛才收到簡訊，請一分鐘後再點一次連結；否則請看看網址是不是完整，和簡訊裡的一模一樣。"))
