"""What holds for every text, whatever a customer sends."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import cn2an
from hypothesis import example, given, settings
from hypothesis import strategies as st

from language.answers import choice, yes_no
from language.corrections import find_correction
from language.dates import BANK_ZONE, find_dates
from language.datespan import Lean
from language.extract import extract
from language.money import find_money
from language.normalise import clip, fold, is_blank, normalise
from language.numbers import find_numbers
from tests.unit.language import wording_tables as tables

#: Pieces that the grammars react to, so that random texts reach their corners.
PIECES = (
    "零一二两三四五六七八九十百千万亿几半多来个点块元毛角分钱成%年月日号天周末上下本这后前内到至-~、/.:,0123456789wk¥$美欧港"
    "今明大农历正腊初底中旬春秋季度国庆除夕节午晚早凌晨时刻第每负约不是改成应该错了对吗好行 "
    "\u200b\n壹贰叁拾萬億後點塊週"
)
WORDS = ("三", "万", "年", "后年", "9月", "30", "块", "到", "下周", "点", "半", "大年", "个")
anything = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=PIECES, max_size=30),
    st.lists(st.sampled_from(WORDS), max_size=8).map("".join),
)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=BANK_ZONE))
quick = settings(max_examples=150, deadline=None, database=None)


@quick
@given(text=anything, at=instants, lean=st.sampled_from(Lean))
@example(text="9999年12月31日后", at=tables.AT, lean=Lean.FUTURE)
@example(text="9" * 400 + "年后", at=tables.AT, lean=Lean.FUTURE)
def test_extraction_never_raises_and_keeps_to_the_text(text: str, at: datetime, lean: Lean) -> None:
    found = extract(text, at=at, lean=lean)

    spans = sorted(one.span for group in (found.dates, found.durations, found.money, found.numbers) for one in group)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert all(one.start < one.until and one.describe() for one in found.dates)
    assert all(one.low <= one.high for group in (found.money, found.numbers) for one in group)


@quick
@given(text=anything)
def test_every_finding_quotes_the_original(text: str) -> None:
    found = [*find_money(text, expect=True), *find_numbers(text), *find_dates(text, at=tables.AT)]

    assert all(text[one.span.start : one.span.end] == one.text for one in found)


@quick
@given(text=anything, count=st.integers(1, 12))
def test_answers_never_raise(text: str, count: int) -> None:
    picked = choice(text, count)

    assert yes_no(text) in (True, False, None)
    assert not isinstance(picked, int) or 0 <= picked < count
    find_correction(text)


@quick
@given(text=anything)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once
    assert fold(fold(text)) == fold(text)
    assert is_blank(text) == (fold(text) == "")


@quick
@given(text=st.text(max_size=40), limit=st.integers(0, 45))
def test_a_clipped_text_fits(text: str, limit: int) -> None:
    assert len(clip(text, limit)) <= limit or text == clip(text, limit)


@quick
@given(amount=st.integers(1, 10**11))
def test_amounts_in_chinese_numerals_are_read_back(amount: int) -> None:
    for mode in ("low", "up"):
        said = cn2an.an2cn(str(amount), mode) + "元"

        assert [one.low for one in find_money(said)] == [Decimal(amount)], said


@quick
@given(fen=st.integers(100, 10**10))
def test_amounts_in_figures_are_read_back(fen: int) -> None:
    amount = Decimal(fen) / 100

    for said in (f"￥{amount:,.2f}", f"{amount:,.2f}元", f"{amount:.2f}块钱"):
        assert [one.low for one in find_money(said)] == [amount], said


@quick
@given(day=st.dates(datetime(1995, 1, 1).date(), datetime(2095, 1, 1).date()))
def test_dates_are_read_back(day: datetime) -> None:
    chinese = "".join("零一二三四五六七八九"[int(digit)] for digit in str(day.year))
    wordings = (
        f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日",
        f"{chinese}年{cn2an.an2cn(day.month)}月{cn2an.an2cn(day.day)}号",
    )  # fmt: skip

    for said in wordings:
        found = find_dates(said, at=tables.AT)

        assert [(one.start, one.until) for one in found] == [(day, day + timedelta(days=1))], said
