"""Normalising, folding and clipping."""

import time

import pytest

from language.normalise import clip, fold, is_blank, normalise
from language.reading import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ｈｅｌｌｏ　１２３", "hello 123"),
        ("後年九月去英國", "后年九月去英国"),
        ("乾淨 乾坤 著名", "干净 乾坤 著名"),
        ("保\u200b本\u202e保\ufeff息", "保本保息"),
        ("a\t\n  b", "a b"),
        ("“你好”——『再见』", '"你好"--"再见"'),
        ("好的👌🏻❤️", "好的👌🏻❤"),
        ("①②", "12"),
        ("Café", "cafe"),
        ("", ""),
    ],
)
def test_gives_one_form(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_folds_to_letters_and_digits() -> None:
    assert fold("我 想，存 50 万！😀") == "我想存50万"


@pytest.mark.parametrize("text", ["", "  ", "😀👍", "。。。", "？！", "\u200b\u202e", "👨‍👩‍👧", "……"])
def test_knows_when_nothing_is_said(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["好", "1", "a", "👌好"])
def test_knows_when_something_is_said(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("一二三四五", 5, "一二三四五"),
        ("一二三四五", 4, "一二三…"),
        ("好👨‍👩‍👧好", 4, "好…"),
        ("好🇨🇳好好", 4, "好🇨🇳…"),
        ("好🇨🇳好好", 3, "好…"),
        ("一二", 0, ""),
    ],
)
def test_clips_between_signs(text: str, limit: int, expected: str) -> None:
    assert clip(text, limit) == expected


def test_finds_the_way_back_to_the_original() -> None:
    reading = read("存 ５０ 萬\u200b元")

    span = reading.span(reading.text.index("5"), reading.text.index("元") + 1)

    assert reading.words(span) == "５０ 萬\u200b元"


@pytest.mark.parametrize("text", ["我想后年九月送孩子去英国，大概五十万，", "我想後年九月送孩子去英國，大概五十萬，"])
def test_is_quick_enough_for_every_message(text: str) -> None:
    sentence = (text * 3)[:50]
    normalise(sentence)

    best = min(_seconds(sentence) for _ in range(20))

    assert best < 500e-6  # about 10 µs and 80 µs on a desk machine; generous for a busy one


def _seconds(text: str) -> float:
    start = time.perf_counter()
    fold(text)
    return time.perf_counter() - start
