"""What codes are called on pages: states, purposes, channels, reasons, statuses of receipts."""

from typing import Final

from flask_babel import LazyString, gettext, lazy_gettext

from services.notify.model import Attempt, Message

STATES: Final[dict[str, tuple[LazyString, str]]] = {
    "waiting": (lazy_gettext("等待送出"), "going"),
    "sending": (lazy_gettext("傳送中"), "going"),
    "accepted": (lazy_gettext("已送出"), "going"),
    "delivered": (lazy_gettext("已送達"), "done"),
    "failed": (lazy_gettext("未送達"), "late"),
    "parked": (lazy_gettext("待人工處理"), "late"),
    "suppressed": (lazy_gettext("不送出"), ""),
    "expired": (lazy_gettext("已過期"), ""),
}
PURPOSES: Final[dict[str, LazyString]] = {
    "case_opened": lazy_gettext("收件通知"),
    "case_returned": lazy_gettext("補件通知"),
    "case_closed": lazy_gettext("結案通知"),
}
CHANNELS: Final[dict[str, LazyString]] = {"sms": lazy_gettext("簡訊"), "email": lazy_gettext("電子郵件")}
ATTEMPTS: Final[dict[str, tuple[LazyString, str]]] = {
    "prepared": (lazy_gettext("正在交給業者"), ""),
    "unknown": (lazy_gettext("不確定業者收到沒有"), "waiting"),
    "accepted": (lazy_gettext("業者已收下"), "done"),
    "rejected": (lazy_gettext("業者拒收"), "late"),
    "later": (lazy_gettext("業者沒有收下，稍後再試"), "waiting"),
}
RECEIPTS: Final[dict[str, LazyString]] = {
    "accepted": lazy_gettext("業者回報：已收下"),
    "queued": lazy_gettext("業者回報：排隊中"),
    "sending": lazy_gettext("業者回報：傳送中"),
    "sent": lazy_gettext("業者回報：已交給電信公司"),
    "delivered": lazy_gettext("業者回報：已送達手機"),
    "undelivered": lazy_gettext("業者回報：沒有送達"),
    "failed": lazy_gettext("業者回報：傳送失敗"),
    "canceled": lazy_gettext("業者回報：已取消"),
}
DECISIONS: Final[dict[str, LazyString]] = {"resume": lazy_gettext("再送一次"), "give-up": lazy_gettext("不再送")}
REASONS: Final[dict[str, LazyString]] = {
    "not-mobile": lazy_gettext("不是手機號碼，不能收簡訊"),
    "not-address": lazy_gettext("不是正確的電子郵件地址"),
    "opted-out": lazy_gettext("收件人已經拒收"),
    "quota": lazy_gettext("今天的訊息額度用完了"),
    "expired": lazy_gettext("來不及在有效時間內送出"),
    "doubt": lazy_gettext("可能已經送出，但業者無法確認，所以沒有自動再送"),
    "given-up": lazy_gettext("承辦人決定不再送"),
    "not-found": lazy_gettext("業者沒有收到"),
    "late": lazy_gettext("系統太忙，還沒開始傳送"),
    "connection": lazy_gettext("連不上業者"),
    "unsealable": lazy_gettext("這台機器的金鑰解不開這則訊息"),
    "20003": lazy_gettext("業者不接受我們的帳號或密碼"),
    "20429": lazy_gettext("業者說太快了"),
    "21211": lazy_gettext("號碼無效"),
    "21408": lazy_gettext("帳號不能傳到這個地區"),
    "21610": lazy_gettext("收件人已經拒收"),
    "21611": lazy_gettext("業者的佇列滿了"),
    "21612": lazy_gettext("這個發送號碼傳不到對方"),
    "21614": lazy_gettext("這個號碼不能收簡訊"),
    "21635": lazy_gettext("這是市內電話"),
    "30001": lazy_gettext("業者的佇列滿了"),
    "30002": lazy_gettext("業者停用了我們的帳號"),
    "30003": lazy_gettext("手機關機或收不到訊號"),
    "30004": lazy_gettext("被收件人或電信公司擋下"),
    "30005": lazy_gettext("號碼不存在"),
    "30006": lazy_gettext("市內電話，或電信公司連不到"),
    "30007": lazy_gettext("被電信公司當成垃圾訊息擋下"),
    "30008": lazy_gettext("電信公司沒有說明原因"),
    "30036": lazy_gettext("在有效時間內沒有送到"),
    "550": lazy_gettext("對方的郵件主機沒有這個信箱"),
}


def state(message: Message) -> tuple[str, str]:
    """The word for a message's state, and its tone."""
    word, tone = STATES.get(message.state, (message.state, ""))
    return str(word), tone


def purpose(code: str) -> str:
    """What a message tells."""
    return str(PURPOSES.get(code, code))


def channel(code: str) -> str:
    """SMS or e-mail."""
    return str(CHANNELS.get(code, code))


def reason(of: Message | Attempt) -> str | None:
    """Why it did not go, in the page's language, with the provider's code; None when there is nothing to say."""
    if of.code is None:
        return of.reason
    known = REASONS.get(of.code)
    if known is None:
        return f"{of.reason} ({of.code})"
    return gettext("%(why)s（%(code)s）", why=known, code=of.code) if of.code.isdecimal() else str(known)
