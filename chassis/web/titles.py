"""The title of a problem, by HTTP status, in the page's language."""

from http import HTTPStatus

from flask_babel import lazy_gettext

TITLES = {
    400: lazy_gettext("這個請求有問題"),
    401: lazy_gettext("請先登入"),
    403: lazy_gettext("您沒有權限使用這一頁"),
    404: lazy_gettext("找不到這一頁"),
    405: lazy_gettext("這個網址不接受這種動作"),
    406: lazy_gettext("沒有您要的格式"),
    409: lazy_gettext("同一件事正在處理中"),
    410: lazy_gettext("這個連結已經失效"),
    413: lazy_gettext("送來的內容太大"),
    415: lazy_gettext("不支援這種格式"),
    422: lazy_gettext("有些資料需要修改"),
    429: lazy_gettext("次數太多，請稍後再試"),
    500: lazy_gettext("系統出了問題"),
    503: lazy_gettext("服務暫時無法使用"),
}


def title_of(status: int) -> str:
    """A short title. Errors: none; a status nobody knows is its number."""
    if status in TITLES:
        return str(TITLES[status])
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else str(status)
