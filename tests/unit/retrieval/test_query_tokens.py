"""How texts become tokens."""

import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.query import Words, grams, runs, words_of
from retrieval.synonyms import Synonyms


def test_units_are_characters_and_runs_of_latin_and_digits() -> None:
    assert runs("用App转5000元，行吗？") == [["用", "app", "转", "5000", "元"], ["行", "吗"]]


def test_pairs_do_not_cross_punctuation() -> None:
    pairs = {token for token in grams("甲乙丙，丁戊") if len(token) == 2}

    assert pairs == {"甲乙", "乙丙", "丁戊"}


def test_different_words_for_one_thing_meet_in_their_group() -> None:
    assert "#怎么" in grams("咋弄")
    assert "#孩子" in set(grams("我家娃")) & set(grams("闺女的"))
    assert "#取款机" in set(grams("ＡＴＭ坏了")) & set(grams("提款機壞了"))
    assert not [token for token in grams("甲乙丙") if token.startswith("#")]


def test_the_longest_word_names_the_group() -> None:
    synonyms = Synonyms([["存款", "存钱"], ["定期", "定期存款"]])

    assert synonyms.groups_in("我的定期存款") == ["#定期"]
    assert synonyms.groups_in("存钱") == ["#存款"]
    assert Synonyms([]).groups_in("存钱") == []


@pytest.mark.parametrize("written", ["銀行卡掛失", "银 行 卡 挂 失", "银行卡挂失", "\u200b银行卡挂失！！"])
def test_script_width_and_blanks_do_not_matter(written: str) -> None:
    assert grams(written) == grams("银行卡挂失")


@pytest.mark.parametrize("nothing", ["", "   ", "？？？", "😀👍", "\x00\u202e"])
def test_nothing_said_gives_no_token(nothing: str) -> None:
    assert grams(nothing) == []
    assert Words(["挂失"]).cut(nothing) == []


def test_cuts_by_the_longest_word_that_the_base_knows() -> None:
    words = Words(["大额", "大额存单", "存单", "转让"])

    assert words.cut("我的大额存单想转让，存单呢") == ["大额存单", "转让", "存单"]


def test_words_of_a_base_come_from_the_dictionary_and_are_sorted() -> None:
    words = words_of([runs("大额存单可以转让吗"), runs("定期存款提前支取")])

    assert list(words.vocabulary) == sorted(words.vocabulary)
    assert {"存单", "转让", "支取"} <= set(words.vocabulary)


def test_cutting_leaves_no_cache_behind(tmp_path: Path) -> None:
    code = "from retrieval.query import runs, words_of; words_of([runs('大额存单')])"
    environment = {"TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin"}

    subprocess.run([sys.executable, "-c", code], env=environment, cwd=Path(__file__).parents[3], check=True)

    assert list(tmp_path.iterdir()) == []
