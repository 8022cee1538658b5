"""Whom a member of staff means, wherever the name stands in the sentence; and never somebody by a part of a longer name."""

from dataclasses import replace
from datetime import datetime

import pytest

from compliance.days import BANK_ZONE
from handlers.handler import Turn
from handlers.naming import meant
from language.normalise import normalise
from tests.dialogues.world import world
from tests.together import together

AT = datetime(2026, 11, 23, 10, tzinfo=BANK_ZONE)


def _ids(words: str, *, said: str = "", focus: str | None = None, topic: tuple[str, ...] = ()) -> list[str]:
    bank = world("rm:S1", AT)
    conversation = replace(bank.conversation, focus=focus, topic=topic)
    turn = Turn(at=AT, text=said or words, said=normalise(said or words), conversation=conversation, inbox_id=1)
    return [customer.id for customer in meant(turn, bank, words)]


@together(["张伟", "張偉", "帮我画个张伟", "给我看看张伟最近", "嗯那个张伟这位客户", "约了张伟过来", "张伟近90天的", "C000001"])
def test_a_name_is_found_whatever_is_said_around_it(words: str) -> None:
    assert _ids(words, focus="C000002") == ["C000001"]


@together(["张伟伟", "张伟平", "赵磊", "帮我画个张伟平", "张大伟的"])
def test_part_of_a_longer_name_is_nobody(words: str) -> None:
    assert _ids(words, focus="C000002") == []


@together(["", "他", "给我一张", "这位客户", "看看她最近", "帮我用图看下他"])
def test_without_a_name_it_is_the_one_talked_of(words: str) -> None:
    assert _ids(words, said=f"{words}健康度的图", focus="C000002") == ["C000002"]


def test_without_words_the_name_in_the_sentence_comes_before_the_one_talked_of() -> None:
    assert _ids("", said="把张伟的底细给我过一遍", focus="C000002") == ["C000001"]


@pytest.mark.parametrize(("words", "ids"), [("第二个", ["C000002"]), ("看看第一位", ["C000001"]), ("第三个", [])])
def test_an_ordinal_is_a_line_of_the_list_shown_last(words: str, ids: list[str]) -> None:
    assert _ids(words, focus="C000005", topic=("show_class:C000001", "priority:C000002 churn")) == ids


def test_an_ordinal_without_a_list_is_nobody() -> None:
    assert _ids("第二个", topic=("card-of-something",)) == []
