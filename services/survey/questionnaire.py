"""The questionnaires, as data in both languages. A version is never changed once it was asked: a change is a new one.

Answers name their version, so that waves are only compared where the question was the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chassis.tenants import Words

DISSATISFIED = (1, 2)
SATISFIED = (4, 5)
LEVELS = (1, 2, 3, 4, 5)
LONGEST_COMMENT = 1000


@dataclass(frozen=True)
class Choice:
    """One of the answers that can be chosen; `code` is what is stored."""

    code: str
    words: Words


@dataclass(frozen=True)
class Question:
    """A question with its choices; without choices the answer is free text of up to `LONGEST_COMMENT` characters."""

    words: Words
    choices: tuple[Choice, ...] = ()
    hint: Words | None = None

    def choice(self, code: str) -> Choice:
        """Errors: `KeyError`."""
        return {choice.code: choice for choice in self.choices}[code]


@dataclass(frozen=True)
class Questionnaire:
    """Everybody is asked for `satisfaction`; the dissatisfied then for `reason` and `details`, others for `comment`."""

    version: int
    satisfaction: Question
    reason: Question
    details: Question
    comment: Question

    def level(self, satisfaction: int) -> Words:
        """The words of a level. Errors: `KeyError`."""
        return self.satisfaction.choice(str(satisfaction)).words


def dissatisfied(satisfaction: int) -> bool:
    """True for the two lower levels: these go before the head (YM9)."""
    return satisfaction in DISSATISFIED


def _choice(code: str, zh: str, en: str) -> Choice:
    return Choice(code, Words(zh=zh, en=en))


FIRST = Questionnaire(
    version=1,
    satisfaction=Question(
        words=Words(zh="這一次辦得如何？", en="How did we do this time?"),
        hint=Words(
            zh="您的回答會附在這個案件上，承辦課室和首長看得到。",
            en="Your answer is kept with this case, where the section in charge and the head of the office see it.",
        ),
        choices=(
            _choice("1", "非常不滿意", "Very dissatisfied"),
            _choice("2", "不滿意", "Dissatisfied"),
            _choice("3", "普通", "Neither"),
            _choice("4", "滿意", "Satisfied"),
            _choice("5", "非常滿意", "Very satisfied"),
        ),
    ),
    reason=Question(
        words=Words(zh="主要是哪裡不滿意？", en="What was the main reason?"),
        choices=(
            _choice("not_solved", "問題沒有解決", "The problem was not solved"),
            _choice("too_slow", "花太久時間", "It took too long"),
            _choice("unclear", "答覆不清楚", "The reply was not clear"),
            _choice("attitude", "服務態度不好", "I was not treated well"),
            _choice("no_news", "沒有告知進度", "I was not told how it stood"),
            _choice("other", "其他", "Something else"),
        ),
    ),
    details=Question(words=Words(zh="請告訴我們發生了什麼事", en="Tell us what happened")),
    comment=Question(words=Words(zh="還有什麼想告訴我們的？", en="Is there anything else you would like to tell us?")),
)

VERSIONS: Mapping[int, Questionnaire] = MappingProxyType({FIRST.version: FIRST})
CURRENT = max(VERSIONS)
