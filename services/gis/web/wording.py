"""Kinds, figures and attributes in the page's language."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from chassis.web import language
from services.gis.model import Asset

KINDS: Mapping[str, LazyString] = {
    "lamp": lazy_gettext("路燈"),
    "park": lazy_gettext("公園"),
    "facility": lazy_gettext("設施"),
}
LABELS: Mapping[str, LazyString] = {
    "light": lazy_gettext("燈具"),
    "watts": lazy_gettext("瓦數"),
    "kelvin": lazy_gettext("色溫"),
    "changed": lazy_gettext("換裝年月"),
    "height_m": lazy_gettext("燈桿高度"),
    "area_m2": lazy_gettext("面積"),
    "maintained": lazy_gettext("由公所維護"),
    "contract": lazy_gettext("維護契約"),
    "adoptable": lazy_gettext("開放認養"),
    "insured": lazy_gettext("投保公共意外責任險"),
    "qr_sign": lazy_gettext("有 QR 告示牌"),
    "facility": lazy_gettext("類別"),
    "hours": lazy_gettext("開放時間"),
    "ramp": lazy_gettext("坡道"),
    "toilet": lazy_gettext("無障礙廁所"),
    "parking_spaces": lazy_gettext("無障礙停車位"),
    "call_bell": lazy_gettext("服務鈴"),
    "diners": lazy_gettext("共餐人數"),
    "spaces": lazy_gettext("停車格"),
    "capacity": lazy_gettext("容納人數"),
    "free": lazy_gettext("免費"),
    "bookable": lazy_gettext("可預約"),
    "accessible": lazy_gettext("無障礙"),
}
VALUES: Mapping[str, LazyString] = {
    "HPS": lazy_gettext("高壓鈉燈"),
    "mowing": lazy_gettext("割草"),
    "cleaning": lazy_gettext("清潔"),
    "aed": lazy_gettext("AED"),
    "canteen": lazy_gettext("長青食堂"),
    "activity_centre": lazy_gettext("活動中心"),
    "columbarium": lazy_gettext("納骨堂"),
    "drive_through": lazy_gettext("得來速窗口"),
    "farm_desk": lazy_gettext("農業服務站"),
    "health_station": lazy_gettext("衛生所"),
    "library": lazy_gettext("圖書館"),
    "parking": lazy_gettext("停車場"),
    "shelter": lazy_gettext("避難收容處所"),
    "tree_burial": lazy_gettext("樹葬區"),
}
UNITS: Mapping[str, LazyString] = {
    "watts": lazy_gettext("%(figure)s\u00a0W"),
    "kelvin": lazy_gettext("%(figure)s\u00a0K"),
    "height_m": lazy_gettext("%(figure)s\u00a0公尺"),
    "area_m2": lazy_gettext("%(figure)s\u00a0平方公尺"),
}
ADDRESS_HAS = ("road", "house")


def title(asset: Asset) -> str:
    """What people call it: 01234 號路燈, or its name."""
    if asset.name is not None:
        return asset.name["en" if language.current() == "en" else "zh"]
    if asset.kind == "lamp":
        return str(gettext("%(number)s 號路燈", number=asset.number))
    return f"{KINDS[asset.kind]} {asset.number}"


def counted(kind: str, count: int) -> str:
    """13,012 盞路燈."""
    shown = f"{count:,}"
    if kind == "lamp":
        return str(ngettext("%(count)s\u00a0盞路燈", "%(count)s\u00a0盞路燈", count, count=shown))
    if kind == "park":
        return str(ngettext("%(count)s\u00a0座公園", "%(count)s\u00a0座公園", count, count=shown))
    return str(ngettext("%(count)s\u00a0處設施", "%(count)s\u00a0處設施", count, count=shown))


def distance(metres: float) -> str:
    """35 公尺; 1.2 公里 from a kilometre on."""
    if round(metres) < 1000:
        return str(gettext("%(figure)s\u00a0公尺", figure=round(metres)))
    return str(gettext("%(figure)s\u00a0公里", figure=f"{metres / 1000:,.1f}"))


def reported(count: int) -> str:
    """已有 1 件報修."""
    return str(ngettext("已有 %(num)s\u00a0件報修", "已有 %(num)s\u00a0件報修", count))


def facts(asset: Asset) -> Iterator[tuple[str, str]]:
    """(label, value) of everything known that the address does not say."""
    for name, value in asset.attributes.items():
        if value is not None and name not in ADDRESS_HAS:
            yield str(LABELS.get(name, name)), _value(name, value)


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(gettext("是") if value else gettext("否"))
    if isinstance(value, int | float):
        figure = f"{value:,}"
        return str(UNITS[name]) % {"figure": figure} if name in UNITS else figure
    return _named(str(value))


def _named(value: str) -> str:
    if value == "accessible":
        return str(gettext("無障礙設施"))
    return str(VALUES.get(value, value))
