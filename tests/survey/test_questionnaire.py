"""The questionnaire is data: these are its rules."""

import pytest

from services.survey.questionnaire import CURRENT, LEVELS, SATISFIED, VERSIONS, Questionnaire, dissatisfied

EVERY = list(VERSIONS.values())


def test_the_current_version_is_there() -> None:
    assert VERSIONS[CURRENT].version == CURRENT
    assert all(version == questionnaire.version for version, questionnaire in VERSIONS.items())


@pytest.mark.parametrize("asked", EVERY, ids=lambda asked: f"version {asked.version}")
def test_every_level_has_words_of_its_own_in_both_languages(asked: Questionnaire) -> None:
    assert [choice.code for choice in asked.satisfaction.choices] == [str(level) for level in LEVELS]
    for lang in ("zh-Hant", "en"):
        assert len({asked.level(level)(lang) for level in LEVELS}) == len(LEVELS)
    assert (asked.level(1).en, asked.level(5).en) == ("Very dissatisfied", "Very satisfied")


@pytest.mark.parametrize("asked", EVERY, ids=lambda asked: f"version {asked.version}")
def test_reasons_can_be_stored_and_told_apart(asked: Questionnaire) -> None:
    codes = [choice.code for choice in asked.reason.choices]
    assert len(set(codes)) == len(codes)
    assert max(map(len, codes)) <= 40
    assert "other" in codes


def test_no_level_is_both_satisfied_and_dissatisfied() -> None:
    assert [level for level in LEVELS if dissatisfied(level)] == [1, 2]
    assert not any(dissatisfied(level) for level in SATISFIED)
