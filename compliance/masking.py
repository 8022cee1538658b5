"""Finds personal data in free text and masks it: 138****8000, 110105********002X, a***@x.com, 王**.

Numbers are recognised however they are written (full-width, with blanks, dashes or dots, in Chinese digits), and by
their own check digits or numbering plan, so that order numbers, dates, amounts and product codes are left alone. A
value is never part of a repr. What cannot be told from a mobile number is masked: a lost order number does less harm.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

import phonenumbers
from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from language.digit_runs import Stretch, digit_view, find_stretches
from language.names import find_cued_names, surname_of
from language.reading import REACH, Reading, read


class PiiKind(StrEnum):
    """What kind of personal data it is."""

    EMAIL = "email"
    RESIDENT_ID = "resident_id"
    COMPANY_CODE = "company_code"
    BANK_CARD = "bank_card"
    MOBILE = "mobile"
    LANDLINE = "landline"
    PASSPORT = "passport"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class PiiSpan:
    """Where personal data stands in the original text; `value` is its plain form and stays out of logs."""

    kind: PiiKind
    start: int
    end: int
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A text that may be shown, and what was masked in it (spans of the original text)."""

    text: str
    spans: tuple[PiiSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    """Personal data at `start`..`end` of the folded text."""

    kind: PiiKind
    start: int
    end: int
    value: str


_LONGEST_RUN = 23  # nineteen digits of a card, or a phone with 0086
_PROVINCES = frozenset(
    {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54}
    | {61, 62, 63, 64, 65, 71, 81, 82, 83, 91}
)
_MOBILE = re.compile(r"(?:\+?86|0086|0)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(?:86|0086)?0?(10\d{8}|2\d{9}|[3-9]\d{2}[2-9]\d{6,7})")
#: Card schemes by their first digits (ISO/IEC 7812): UnionPay and older domestic, Visa, Mastercard, Amex, JCB, Diners.
_UNIONPAY = re.compile(r"62\d{11,17}")
_OTHER_CARDS = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5\d{15}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|35\d{14}"
    r"|3[068]\d{12}|6\d{15,18}|9\d{15,18}"
)
#: First two characters of a company code: which authority registered what.
_REGISTRIES = re.compile(r"(?:1[1-39]|2[19]|3[1-59]|4[19]|5[1-39]|6[129]|7[129]|8[19]|9[1-3]|a[19]|n[1-39]|y1)")
_CODE_CHAR = r"[0-9a-hj-npqrtuwxy]"
_COMPANY_CODE = re.compile(rf"{_CODE_CHAR}(?:[ \-._]{{0,2}}{_CODE_CHAR}){{17}}(?![0-9a-z])")
_WORD_START = re.compile(r"(?<![0-9a-z])[0-9a-z]")
_EMAIL = re.compile(r"(?<![a-z0-9._%+\-])[a-z0-9][a-z0-9._%+\-]* ?@ ?[a-z0-9\-]+(?:[.。][a-z0-9\-]+)*[.。][a-z]{2,}(?![a-z0-9])")
_SEP = r"[ \-.]{0,2}"
_PASSPORT = re.compile(rf"(?<![a-z0-9_\-])(?:e{_SEP}[a-hj-np-z]?|g)(?:{_SEP}\d){{7,8}}(?![0-9a-z_]|-[0-9a-z])")
_OTHER_TRAVEL = re.compile(rf"(?<![a-z0-9_\-])(?:[a-z]{_SEP}[a-z]?|1[45])?(?:{_SEP}\d){{7,9}}(?![0-9a-z_])")
_TRAVEL_CUE = re.compile(r"(?:护照|通行证|回乡证|台胞证|passport)[^,。;]{0,8}$")
#: Words that name the number behind them; other letters make it a piece of a code.
_LETTER_CUES = frozenset(
    {"tel", "telephone", "phone", "mobile", "mob", "cell", "call", "t", "m", "p", "v", "vx", "wx", "wechat", "whatsapp"}
    | {"qq", "id", "idcard", "sfz", "no", "card"}
)
#: These name a number that is no person's.
_CODE_CUE = re.compile(
    r"(?:订单|单号|流水|编号|交易|运单|快递|合同|凭证|批次|条码|型号|序列|票号|发票|货号|产品|代码|"
    r"工单|保单|案件|业务号|批号|sn|order|sku|trace|no\.|#)[^,。;]{0,6}$"
)
_LETTERS, _LETTERS_BEFORE = re.compile(r"[a-z_]+"), re.compile(r"[a-z_]+$")
_FINAL_X = re.compile(r"[ \-._]{0,2}x(?![a-z0-9])")
_MONEY_BEFORE = re.compile(r"[¥$€£]$")
_MONEY_AFTER = re.compile(r"[元万亿块%]|美元|人民币|\.\d{1,2}(?!\d)(?=[元万亿块,。 ]|$)")


@lru_cache(maxsize=256)
def find_pii(text: str) -> tuple[PiiSpan, ...]:
    """Find personal data in text order; overlapping readings are settled in favour of the surer kind."""
    reading = read(text)
    hits: list[_Hit] = []
    for find in (_emails, _numbers, _company_codes, _passports, _names):
        for hit in find(reading):
            if not any(hit.start < other.end and other.start < hit.end for other in hits):
                hits.append(hit)
    return tuple(_span(reading, hit) for hit in sorted(hits, key=lambda hit: hit.start))


def mask(text: str) -> Masked:
    """Mask all personal data; the result contains none that `find_pii` would find."""
    spans = find_pii(text)
    masked = _replace(text, spans, lambda span: _MASKS[span.kind](span.value))
    while left := find_pii(masked):  # what masking brought together with its neighbours
        masked = _replace(masked, left, lambda span: "*" * (span.end - span.start))
    return Masked(text=masked, spans=spans)


def _replace(text: str, spans: tuple[PiiSpan, ...], masked: Callable[[PiiSpan], str]) -> str:
    for span in reversed(spans):
        text = text[: span.start] + masked(span) + text[span.end :]
    return text


def _span(reading: Reading, hit: _Hit) -> PiiSpan:
    span = reading.span(hit.start, hit.end)
    return PiiSpan(kind=hit.kind, start=span.start, end=span.end, value=hit.value)


def _emails(reading: Reading) -> Iterator[_Hit]:
    for match in _EMAIL.finditer(digit_view(reading.text)):
        value = match.group().replace(" ", "").replace("。", ".")
        yield _Hit(kind=PiiKind.EMAIL, start=match.start(), end=match.end(), value=value)


def _numbers(reading: Reading) -> Iterator[_Hit]:
    """Recognise ids, cards and phones; a stretch that was taken is not looked into again."""
    taken = 0
    for stretches in find_stretches(reading, longest=_LONGEST_RUN):
        if not stretches or stretches[0].start < taken:
            continue
        hit = next((hit for stretch in stretches if (hit := _number(reading.text, stretch))), None)
        if hit:
            taken = hit.end
            yield hit


def _number(text: str, stretch: Stretch) -> _Hit | None:
    if _inside_a_code(text, stretch):
        return None
    if hit := _resident_id(text, stretch):
        return hit
    kind_and_value = None if _is_amount(text, stretch) else _other_number(text, stretch)
    if kind_and_value is None:
        return None
    kind, value = kind_and_value
    start = stretch.start - _opens(text, stretch)
    return _Hit(kind=kind, start=start, end=stretch.end, value=value)


def _opens(text: str, stretch: Stretch) -> bool:
    """Say whether the sign before belongs to the number: +86 138…, (010) 6234 5678."""
    before = text[max(0, stretch.start - 1) : stretch.start]
    if stretch.digits.startswith("86"):
        return before == "+"
    return before == "(" and ")" in text[stretch.start : stretch.end]


def _inside_a_code(text: str, stretch: Stretch) -> bool:
    before = _LETTERS_BEFORE.search(text[max(0, stretch.start - REACH) : stretch.start])
    after = _LETTERS.match(text, stretch.end)
    if after and after.group() == "x":
        after = None  # the last sign of an identity number
    return any(letters is not None and letters.group() not in _LETTER_CUES for letters in (before, after))


def _is_amount(text: str, stretch: Stretch) -> bool:
    if _MONEY_BEFORE.search(text, max(0, stretch.start - 1), stretch.start) or _MONEY_AFTER.match(text, stretch.end):
        return True
    return stretch.joint == "." and stretch.previous.strip("0") == ""


def _resident_id(text: str, stretch: Stretch) -> _Hit | None:
    last = _FINAL_X.match(text, stretch.end)
    readings = [(stretch.digits, stretch.end)]
    if last:
        readings.insert(0, (stretch.digits + "X", last.end()))
    for digits, end in readings:
        if len(digits) == 18 and _is_resident_id(digits):
            return _Hit(kind=PiiKind.RESIDENT_ID, start=stretch.start, end=end, value=digits)
    return None


def _is_resident_id(number: str) -> bool:
    if int(number[:2]) not in _PROVINCES or ric.calc_check_digit(number) != number[-1]:
        return False
    try:
        born = ric.get_birth_date(number)
    except ValidationError:
        return False
    return 1880 <= born.year <= 2100  # districts come and go, so the place is not looked up


def _other_number(text: str, stretch: Stretch) -> tuple[PiiKind, str] | None:
    digits = stretch.digits
    if not stretch.evenly_written or _begins_with_a_date(stretch):
        return None
    if mobile := _MOBILE.fullmatch(digits):
        return PiiKind.MOBILE, mobile[1]
    a_code = bool(_CODE_CUE.search(text[max(0, stretch.start - REACH) : stretch.start]))
    scheme = _UNIONPAY.fullmatch(digits) or (_OTHER_CARDS.fullmatch(digits) and not a_code)
    if scheme and luhn.is_valid(digits):
        return PiiKind.BANK_CARD, digits
    if a_code:
        return None
    if len(digits) == 15 and _is_old_resident_id(digits):
        return PiiKind.RESIDENT_ID, digits
    landline = _LANDLINE.fullmatch(digits)
    if landline and (digits[0] == "0" or digits.startswith("86")) and _is_landline(landline[1]):
        return PiiKind.LANDLINE, "0" + landline[1]
    return None


def _begins_with_a_date(stretch: Stretch) -> bool:
    """Recognise 2026-11-23 and what follows it."""
    return stretch.sizes[:3] == (4, 2, 2) and stretch.digits[:2] in ("19", "20")


def _is_old_resident_id(digits: str) -> bool:
    try:
        date(1900 + int(digits[6:8]), int(digits[8:10]), int(digits[10:12]))
    except ValueError:
        return False
    return int(digits[:2]) in _PROVINCES


def _is_landline(number: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse("0" + number, "CN"))


def _company_codes(reading: Reading) -> Iterator[_Hit]:
    view = digit_view(reading.text)
    for start in _WORD_START.finditer(view):
        match = _COMPANY_CODE.match(view, start.start())
        if not match:
            continue
        code = re.sub(r"[ \-._]", "", match.group())
        registered = _REGISTRIES.match(code) and code[2:4].isdigit() and int(code[2:4]) in _PROVINCES | {10}
        if registered and uscc.is_valid(code):
            yield _Hit(kind=PiiKind.COMPANY_CODE, start=match.start(), end=match.end(), value=code.upper())


def _passports(reading: Reading) -> Iterator[_Hit]:
    view = digit_view(reading.text)
    for pattern in (_PASSPORT, _OTHER_TRAVEL):
        for match in pattern.finditer(view):
            before = view[max(0, match.start() - REACH) : match.start()]
            value = re.sub(r"[ \-.]", "", match.group()).upper()
            named = bool(_TRAVEL_CUE.search(before))
            shaped = pattern is _PASSPORT and len(value) == 9 and not _CODE_CUE.search(before)
            if named or shaped:
                yield _Hit(kind=PiiKind.PASSPORT, start=match.start(), end=match.end(), value=value)


def _names(reading: Reading) -> Iterator[_Hit]:
    for start, end in find_cued_names(reading.text):
        yield _Hit(kind=PiiKind.NAME, start=start, end=end, value=reading.text[start:end])


def mask_name(name: str) -> str:
    """Keep the surname: 王小明 -> 王**, 欧阳娜娜 -> 欧阳**, Mary -> M***."""
    name = name.strip()
    if "·" in name or name.isascii():
        return name[:1] + "***" if name else ""
    kept = surname_of(name)
    return kept + "*" * max(len(name) - len(kept), 1)


_LEGAL_FORMS = re.compile(
    r"(?:集团)?(?:股份有限公司|有限责任公司|有限公司|集团|公司|合伙企业(?:\(.*\))?|事务所|研究院|"
    r"研究所|工作室|经营部|商行|厂|店|中心|医院|学校)$"
)
_REGION = re.compile(
    r"^(?:(?:北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|"
    r"湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
    r"|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|台湾|深圳|广州|杭州|南京|苏州|成都|武汉|西安|青岛|厦门|宁波|大连)[省市]?)"
)


def mask_company(company: str) -> str:
    """Keep the region and the legal form: 北京星河科技有限公司 -> 北京****有限公司."""
    company = company.strip()
    region, form = _REGION.match(company), _LEGAL_FORMS.search(company)
    if not company:
        return ""
    return (region.group() if region else "") + "****" + (form.group() if form else "")


_DISTRICT = re.compile(
    r"^(?:[^省市区县\d]{2,8}(?:省|自治区|特别行政区))?(?:[^省市区县\d]{1,8}(?:市|自治州|地区|"
    r"盟))?(?:[^省市区县路街\d]{1,8}(?:区|县|旗|市))?"
)


def mask_address(address: str) -> str:
    """Keep province, city and district: 北京市朝阳区建国路88号 -> 北京市朝阳区****."""
    address = address.strip()
    district = _DISTRICT.match(address)
    return (district.group() if district else "") + "****" if address else ""


#: Lower edges of the bands, in 万 of yuan.
_BAND_EDGES = (0, 1, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10000)


def band_amount(amount: Decimal) -> str:
    """Say an amount of yuan as a band that includes its lower edge: 680000 -> 50万–100万."""
    sign, size = ("负" if amount < 0 else ""), abs(amount) / 10_000
    for low, high in pairwise(_BAND_EDGES):
        if size < high:
            return f"{sign}{_edge(low)}–{_edge(high)}" if low else f"{sign}不足{_edge(high)}"
    return f"{sign}{_edge(_BAND_EDGES[-1])}以上"


def _edge(ten_thousands: int) -> str:
    return f"{ten_thousands // 10_000}亿" if ten_thousands >= 10_000 else f"{ten_thousands}万"


def _mask_phone(value: str) -> str:
    return f"{value[:3]}****{value[-4:]}"


def _mask_resident_id(value: str) -> str:
    return f"{value[:6]}********{value[-4:]}"


def _mask_card(value: str) -> str:
    return f"{value[:6]}****{value[-4:]}"


def _mask_landline(value: str) -> str:
    area = value[:3] if value[1] in "12" else value[:4]
    return f"{area}-****{value[-4:]}"


def _mask_email(value: str) -> str:
    return f"{value[0]}***@{value.partition('@')[2]}"


def _mask_code(value: str) -> str:
    return f"{value[:4]}**********{value[-4:]}"


def _mask_passport(value: str) -> str:
    return f"{value[0]}*****{value[-3:]}"


_MASKS: dict[PiiKind, Callable[[str], str]] = {
    PiiKind.EMAIL: _mask_email,
    PiiKind.RESIDENT_ID: _mask_resident_id,
    PiiKind.COMPANY_CODE: _mask_code,
    PiiKind.BANK_CARD: _mask_card,
    PiiKind.MOBILE: _mask_phone,
    PiiKind.LANDLINE: _mask_landline,
    PiiKind.PASSPORT: _mask_passport,
    PiiKind.NAME: mask_name,
}
