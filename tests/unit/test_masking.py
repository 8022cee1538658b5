"""Finding and masking personal data: every invented number in every script, and nothing else.

All identities are invented: districts and birthdays are combined at random and only the check digits are true.
"""

import random
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric, uscc

from compliance.masking import (
    PiiKind,
    band_amount,
    find_pii,
    mask,
    mask_address,
    mask_company,
    mask_name,
)

FULL_WIDTH = str.maketrans("0123456789Xx-@.ABCDEGH", "０１２３４５６７８９Ｘｘ－＠．ＡＢＣＤＥＧＨ")
CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")
CIRCLES = str.maketrans("0123456789", "〇一二三四五六七八九")
PHONE_CHINESE = str.maketrans("0123456789", "零幺二三四五六七八九")
FORMAL = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")


def _resident_id(district: str, born: str, order: str) -> str:
    body = district + born + order
    return body + ric.calc_check_digit(body + "0")


def _card(prefix: str, length: int) -> str:
    body = (prefix + "0123456789012345678")[: length - 1]
    return body + luhn.calc_check_digit(body)


def _company(body: str) -> str:
    return body + uscc.calc_check_digit(body + "0")


RESIDENT_IDS = [
    _resident_id("110105", "19491231", "002"),
    _resident_id("440300", "19990101", "123"),
    _resident_id("310101", "19850615", "457"),
    _resident_id("650102", "20051130", "886"),
]
MOBILES = ["13800138000", "19912345678", "17000001111", "14500002222"]
CARDS = [
    *(_card(prefix, 19) for prefix in ("622202", "621700")),
    *(_card(prefix, 16) for prefix in ("622588", "400000", "520000")),
    _card("370000", 15),
]
LANDLINES = ["010-62345678", "021-51234567", "0755-81234567", "0571-8123456"[:12] + "7"]
COMPANIES = [_company("91110000100000000"), _company("91440300MA5ABCDE0"), _company("52310000500000000")]
GROUPINGS: list[Callable[[str], str]] = [
    lambda number: number,
    lambda number: " ".join(number[i : i + 4] for i in range(0, len(number), 4)),
    lambda number: "-".join(number[i : i + 4] for i in range(0, len(number), 4)),
    lambda number: ".".join(number[i : i + 4] for i in range(0, len(number), 4)),
    lambda number: " ".join(number),
    lambda number: "\u200b".join(number[i : i + 3] for i in range(0, len(number), 3)),
    lambda number: f"{number[:3]} {number[3:7]} {number[7:]}",
    lambda number: f"{number[:6]}－{number[6:]}",
]
SCRIPTS = [None, FULL_WIDTH, CHINESE, CIRCLES, PHONE_CHINESE, FORMAL]
PIECES = ["一三八", "010-", " ", "-", "86", "x", "8", "我叫王小明"]
FRAMES = ["{}", "我的号码是{}，麻烦记一下", "{}这个", "老客户{}谢谢", "（{}）"]


def positives() -> Iterator[tuple[str, PiiKind, str]]:
    """Every kind in every grouping and script, in changing sentences."""
    numbers = [
        *((PiiKind.RESIDENT_ID, number) for number in RESIDENT_IDS),
        *((PiiKind.MOBILE, number) for number in MOBILES),
        *((PiiKind.BANK_CARD, number) for number in CARDS),
    ]
    frames = 0
    for kind, number in numbers:
        for group in GROUPINGS:
            for script in SCRIPTS:
                written = group(number).translate(script) if script else group(number)
                yield FRAMES[frames % len(FRAMES)].format(written), kind, number
                frames += 1


def other_positives() -> Iterator[tuple[str, PiiKind, str]]:
    yield from (
        ("座机010-62345678", PiiKind.LANDLINE, "01062345678"),
        ("电话 (0755) 8123 4567 转 801", PiiKind.LANDLINE, "075581234567"),
        ("０２１－５１２３４５６７", PiiKind.LANDLINE, "02151234567"),
        ("零一零六二三四五六七八", PiiKind.LANDLINE, "01062345678"),
        ("02151234567", PiiKind.LANDLINE, "02151234567"),
        ("+86 13800138000", PiiKind.MOBILE, "13800138000"),
        ("0086-138-0013-8000", PiiKind.MOBILE, "13800138000"),
        ("86 13800138000", PiiKind.MOBILE, "13800138000"),
        ("一三八，零零一三，八零零零", PiiKind.MOBILE, "13800138000"),
        ("手机：138零零13八000", PiiKind.MOBILE, "13800138000"),
        ("微信wx13800138000同号", PiiKind.MOBILE, "13800138000"),
        ("tel:13800138000", PiiKind.MOBILE, "13800138000"),
        ("唯一13800138000", PiiKind.MOBILE, "13800138000"),
        ("13800138000\n第二行", PiiKind.MOBILE, "13800138000"),
        ("2026-11-23 13800138000", PiiKind.MOBILE, "13800138000"),
        ("zhang.san@example.com", PiiKind.EMAIL, "zhang.san@example.com"),
        ("邮箱ａ１＠ｅｘａｍｐｌｅ．ｃｏｍ", PiiKind.EMAIL, "a1@example.com"),
        ("13800138000@example.com", PiiKind.EMAIL, "13800138000@example.com"),
        ("我邮箱 LiSi_88@mail.example.cn 谢谢", PiiKind.EMAIL, "lisi_88@mail.example.cn"),
        ("护照E12345678", PiiKind.PASSPORT, "E12345678"),
        ("EA1234567", PiiKind.PASSPORT, "EA1234567"),
        ("Ｅ１２３４５６７８", PiiKind.PASSPORT, "E12345678"),
        ("E一二三四五六七八", PiiKind.PASSPORT, "E12345678"),
        ("护照号：P1234567", PiiKind.PASSPORT, "P1234567"),
        ("通行证H12345678", PiiKind.PASSPORT, "H12345678"),
        ("身份证110105 19491231 002x", PiiKind.RESIDENT_ID, RESIDENT_IDS[0]),
        ("老身份证 110105491231002", PiiKind.RESIDENT_ID, "110105491231002"),
        ("我叫王小明，想办卡", PiiKind.NAME, "王小明"),
        ("姓名：欧阳娜娜", PiiKind.NAME, "欧阳娜娜"),
        *((f"公司代码{code}", PiiKind.COMPANY_CODE, code) for code in COMPANIES),
        *((code.lower(), PiiKind.COMPANY_CODE, code) for code in COMPANIES),
        *((f"{code[:8]} {code[8:]}", PiiKind.COMPANY_CODE, code) for code in COMPANIES),
        *((code.translate(FULL_WIDTH), PiiKind.COMPANY_CODE, code) for code in COMPANIES),
    )


def negatives() -> list[str]:
    """Numbers of everyday business that are nobody's, from a fixed seed."""
    dice = random.Random(33)
    day = lambda: f"20{dice.randrange(20, 30)}{dice.randrange(1, 13):02}{dice.randrange(1, 29):02}"  # noqa: E731
    digits = lambda count: "".join(dice.choice("0123456789") for _ in range(count))  # noqa: E731
    made: list[str] = []
    for _ in range(25):
        made += [
            f"订单号{day()}{digits(10)}",
            f"订单{day()}{digits(9)}已发货",
            f"流水号：{day()}{digits(12)}",
            f"交易单号42000{digits(23)}",
            f"快递单号SF{digits(13)}",
            f"{day()}",
            f"时间戳1795{digits(9)}",
            f"unix {dice.randrange(1_600_000_000, 1_900_000_000)} 秒",
            f"转账{dice.randrange(10**6, 10**8)}.{digits(2)}元",
            f"金额{dice.randrange(10**10, 10**11)}元",
            f"规模{dice.randrange(10**9, 10**12):,}元",
            f"产品代码{dice.choice('ABCDF')}{digits(6)}",
            f"型号XR-{digits(4)}-{digits(3)}",
            f"合同编号HT{day()}{digits(4)}",
            f"工单{digits(10)}",
        ]
    return [
        *made,
        "2026-11-23 15:30:00",
        "2026.11.23",
        "1999-11-23-001",
        "客服热线95588",
        "拨打400-800-1234",
        "版本10.15.7.3",
        "192.168.1.100",
        "利率3.85%，期限36个月",
        "一二三四五六七",
        "三万五千六百块",
        "一百三十八万零一百三十八元",
        "二零二六年十一月二十三日",
        "人民币13,800,138,000元",
        "13800138000.50元",
        "￥13800138000",
        "0.13800138000",
        "ABC13800138000",
        "550e8400-e29b-41d4-a716-446655440000",
        "第12345678号文件",
        "基金110022净值1.2345",
        "3 5 8 13 21 34",
        "2024 2025 2026 2027 2028",
        "尾号8000",
        "138****8000",
        "验证码 482913",
        "身份证 110105194912310021",  # wrong check digit
        "卡号6222020123456789010",  # fails Luhn
        "我叫车去机场",
        "客户经理在吗",
        "姓名怎么填",
        "会议号 812 345 678",
    ]


def test_finds_every_number_in_every_script() -> None:
    cases = [*positives(), *other_positives()]

    missed = [(text, kind) for text, kind, value in cases if (kind, value) not in _found(text)]

    assert len(cases) >= 200
    assert missed == []


def test_leaves_other_numbers_alone() -> None:
    texts = negatives()

    alarms = [(text, span.kind) for text in texts for span in find_pii(text)]

    assert len(texts) >= 300
    assert len(alarms) <= len(texts) // 100, alarms


def test_masked_text_holds_none_of_it() -> None:
    for text, kind, _ in [*positives(), *other_positives()]:
        masked = mask(text)

        assert find_pii(masked.text) == (), (text, masked.text)
        assert kind in {span.kind for span in masked.spans}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话138 0013 8000谢谢", "电话138****8000谢谢"),
        ("一三八零零一三八零零零", "138****8000"),
        (RESIDENT_IDS[0], "110105********002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "110105********002X"),
        (CARDS[0], f"622202****{CARDS[0][-4:]}"),
        ("a@example.com", "a***@example.com"),
        ("座机(010)62345678", "座机010-****5678"),
        ("我叫王小明，手机13800138000", "我叫王**，手机138****8000"),
        ("没有隐私", "没有隐私"),
    ],
)
def test_masks_by_kind(text: str, expected: str) -> None:
    assert mask(text).text == expected


def test_spans_point_into_the_original() -> None:
    text = "号码：１３８ ００１３ ８０００，谢谢"

    (span,) = find_pii(text)

    assert text[span.start : span.end] == "１３８ ００１３ ８０００"
    assert span.value == "13800138000"


def test_values_stay_out_of_a_repr() -> None:
    assert "13800138000" not in repr(find_pii("13800138000"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王小明", "王**"),
        ("王五", "王*"),
        ("欧阳娜娜", "欧阳**"),
        ("John Smith", "J***"),
        ("买买提·吐尔逊", "买***"),
        ("", ""),
    ],
)
def test_masks_names(name: str, expected: str) -> None:
    assert mask_name(name) == expected


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("北京星河科技有限公司", "北京****有限公司"),
        ("星河科技股份有限公司", "****股份有限公司"),
        ("深圳市蓝天进出口有限责任公司", "深圳市****有限责任公司"),
        ("", ""),
    ],
)
def test_masks_companies(company: str, expected: str) -> None:
    assert mask_company(company) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("北京市朝阳区建国路88号3单元501", "北京市朝阳区****"),
        ("广东省深圳市南山区科技园1号", "广东省深圳市南山区****"),
        ("建国路88号", "****"),
        ("", ""),
    ],
)
def test_masks_addresses(address: str, expected: str) -> None:
    assert mask_address(address) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("500", "不足1万"),
        ("10000", "1万–5万"),
        ("680000", "50万–100万"),
        ("500000", "50万–100万"),
        ("1000000", "100万–200万"),
        ("99999999", "5000万–1亿"),
        ("100000000", "1亿以上"),
        ("-680000", "负50万–100万"),
    ],
)
def test_bands_amounts(amount: str, expected: str) -> None:
    assert band_amount(Decimal(amount)) == expected


@settings(max_examples=200, deadline=None, database=None)
@given(
    text=st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from([*MOBILES, *RESIDENT_IDS, *CARDS, *COMPANIES, "a@b.cn", "E12345678", *PIECES]),
            max_size=6,
        ).map("".join),
        st.text(alphabet="0123456789xX一二三零壹 -.@aEG\u200b０１８", max_size=40),
    )
)
def test_masking_any_text_leaves_nothing_to_find(text: str) -> None:
    masked = mask(text)

    assert find_pii(masked.text) == ()
    assert all(0 <= span.start < span.end <= len(text) for span in masked.spans)


def _found(text: str) -> set[tuple[PiiKind, str]]:
    return {(span.kind, span.value) for span in find_pii(text)}
