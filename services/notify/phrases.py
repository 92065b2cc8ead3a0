"""The words of every message in both languages. Filled in by `texts.py`; braces name what goes in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's sentences. The `…_sms` ones end with the link on a line of its own, so that phones see it."""

    sign: str
    more: str
    between: str
    several: str
    asset: str
    by: str
    opened_subject: str
    opened_sms: str
    opened_mail: str
    opened_by: str
    returned_subject: str
    returned_sms: str
    returned_mail: str
    closed_subject: str
    closed_sms: str
    closed_mail: str
    look_sms: str
    survey_sms: str
    survey_mail: str
    greeting: str
    nameless: str
    facts: str
    asset_fact: str
    deadline_fact: str
    farewell: str


ZH: Final = Phrases(
    sign="【{office}】",
    more="…",
    between="；",
    several="{first}等 {count} 項",
    asset="（{number}）",
    by="，預計 {day}前完成",
    opened_subject="【{office}】已收到您的「{service}」 {case}",
    opened_sms="{sign}已收到您的「{service}」{asset}，案號 {case}{by}。查進度：\n{link}",
    opened_mail="我們已經收到您的「{service}」，會盡快辦理。",
    opened_by="{day} {time}",
    returned_subject="【{office}】「{service}」請您補件 {case}",
    returned_sms="{sign}您的「{service}」（案號 {case}）請補：{missing}。補件前辦理期限暫停。由此補件：\n{link}",
    returned_mail="您的「{service}」還缺以下資料，收到以前辦理期限暫停計算：\n\n{missing}\n\n請由下面的連結補件：\n{link}",
    closed_subject="【{office}】「{service}」已結案 {case}",
    closed_sms="{sign}您的「{service}」（案號 {case}）已結案：{reply}{look}{survey}",
    closed_mail="您的「{service}」已經辦結：\n\n{reply}\n\n全部經過：\n{link}",
    look_sms="\n看全部：\n{link}",
    survey_sms="\n請花一分鐘評分：\n{link}",
    survey_mail="請花一分鐘告訴我們做得好不好：\n{link}",
    greeting="{name} 您好：",
    nameless="您好：",
    facts="案號：{case}",
    asset_fact="設施編號：{number}",
    deadline_fact="預計完成：{deadline}",
    farewell="查詢進度：\n{link}",
)

EN: Final = Phrases(
    sign="{office}: ",
    more="...",
    between="; ",
    several="{first} and more, {count} in all",
    asset=" ({number})",
    by=", to be done by {day}",
    opened_subject='{office}: we have your request "{service}" {case}',
    opened_sms='{sign}We have your request "{service}"{asset}, case {case}{by}. Follow it:\n{link}',
    opened_mail='We have received your request "{service}" and will deal with it as soon as we can.',
    opened_by="{day}, {time}",
    returned_subject='{office}: please complete your request "{service}" {case}',
    returned_sms='{sign}Your request "{service}" (case {case}) still needs: {missing}. '
    "Its deadline stands still until we have it. Send it here:\n{link}",
    returned_mail='Your request "{service}" still needs what follows; its deadline stands still until we have it:\n\n'
    "{missing}\n\nSend it by this link:\n{link}",
    closed_subject='{office}: your request "{service}" is closed {case}',
    closed_sms='{sign}Your request "{service}" (case {case}) is closed: {reply}{look}{survey}',
    closed_mail='Your request "{service}" is closed:\n\n{reply}\n\nAll of it:\n{link}',
    look_sms="\nSee all:\n{link}",
    survey_sms="\nHow did we do? One minute:\n{link}",
    survey_mail="Please take one minute to tell us how we did:\n{link}",
    greeting="Dear {name},",
    nameless="Hello,",
    facts="Case: {case}",
    asset_fact="Number on the asset: {number}",
    deadline_fact="To be done by: {deadline}",
    farewell="Follow it here:\n{link}",
)


def phrases(language: str) -> Phrases:
    """The words of `zh-Hant` or `en`."""
    return EN if language == "en" else ZH
