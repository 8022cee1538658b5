"""The need graph on situations written by hand: the plan's own example and its variants, spending, consent, chat (B15, B16, B17, F11)."""

import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.app import build
from bot.web.lines import Reader
from bot.web.media import media_routes
from bot.web.sources import OwnChat
from compliance.days import BANK_ZONE
from config.settings import Settings
from crm.needs.graph import signals, views
from domain.message import Inbound
from domain.party import Party, Role
from tests.insight.kit import TODAY, HandBank, Made
from tests.integration.wecom.app_rig import served

_QUERIES = [TODAY - timedelta(days=days) for days in (4, 6, 11, 13, 19, 25, 27, 34, 40, 48, 55, 62, 70, 81)]
_LONG_AGO = [on - timedelta(days=150) for on in _QUERIES]


def _company(bank: HandBank, customer_id: str, name: str, *, queries: Sequence[date] = (), licence: bool | None = None) -> None:
    bank.company(customer_id, name, industry="外贸")
    for on in queries:
        _seen(bank, customer_id, on, page="外汇牌价")
    if licence is not None:
        bank.add("registry", customer_id=customer_id, as_of="2026-09-30", status="active", trade_licence=licence)
        bank.add("consents", customer_id=customer_id, purpose="registry", granted=True, at="2026-01-05T10:00:00+08:00")


def _seen(bank: HandBank, customer_id: str, on: date, **columns: str) -> None:
    number = len(bank.feeds.get("app_events", ())) + 1
    bank.add(
        "app_events", **({"event_id": f"V{number}", "customer_id": customer_id, "at": f"{on}T10:30:00+08:00", "kind": "view"} | columns)
    )


@pytest.fixture(scope="module")
def traders(tmp_path_factory: pytest.TempPathFactory) -> Made:
    bank = HandBank().add("staff", staff_id="S2", name="林晓")
    bank.add("products", product_code="P-9", name="汇率避险服务", kind="service", category="fx")
    _company(bank, "C1", "华贸进出口有限公司", queries=_QUERIES, licence=True)
    _company(bank, "C2", "只查汇率的公司", queries=_QUERIES, licence=False)
    _company(bank, "C3", "只有资质的公司", licence=True)
    _company(bank, "C4", "早先查过的公司", queries=_LONG_AGO, licence=True)
    _company(bank, "C5", "一天查完的公司", queries=[_QUERIES[0]] * 14, licence=True)
    _company(bank, "C6", "一直常查的公司", queries=[TODAY - timedelta(days=day) for day in range(1, 360, 5)], licence=True)
    _company(bank, "C7", "撤回工商授权的公司", queries=_QUERIES, licence=True)
    bank.add("consents", customer_id="C7", purpose="registry", granted=False, at="2026-11-20T09:00:00+08:00")
    _company(bank, "C8", "不同意画像的公司", queries=_QUERIES, licence=True)
    bank.add("consents", customer_id="C8", purpose="profiling", granted=False, at="2026-11-01T09:00:00+08:00")
    return bank.made(tmp_path_factory.mktemp("traders"))


def _likely(made: Made, customer_id: str) -> dict[str, float]:
    return {row["need"]: row["probability"] for row in made.of("needs", customer_id)}


def _both(made: Made, customer_id: str) -> list[float]:
    found = _likely(made, customer_id)
    return [found.get("trade_settlement", 0.0), found.get("fx_hedging", 0.0)]


def test_queries_and_licence_together_are_far_more_than_either(traders: Made) -> None:
    assert min(_both(traders, "C1")) >= 0.8
    assert 0.1 < max(_both(traders, "C2")) < 0.5
    assert 0.1 < max(_both(traders, "C3")) < 0.4


def test_what_was_looked_at_five_months_ago_has_faded(traders: Made) -> None:
    assert all(old < fresh - 0.2 for old, fresh in zip(_both(traders, "C4"), _both(traders, "C1"), strict=True))
    assert all(old > alone for old, alone in zip(_both(traders, "C4"), _both(traders, "C3"), strict=True))


def test_often_needs_three_weeks_and_more_than_the_own_habit(traders: Made) -> None:
    assert {row["evidence"] for row in traders.of("evidence", "C1")} >= {"views_fx", "trade_licence"}
    assert "views_fx" not in {row["evidence"] for row in traders.of("evidence", "C5")}
    assert "views_fx" not in {row["evidence"] for row in traders.of("evidence", "C6")}
    assert _both(traders, "C5") == _both(traders, "C3")


def test_what_was_taken_back_is_in_no_score(traders: Made) -> None:
    assert _both(traders, "C7") == _both(traders, "C2")
    assert {row["evidence"] for row in traders.of("evidence", "C8")} == set()
    assert _likely(traders, "C8") == {}


def test_one_customer_explained_gives_the_published_number(traders: Made) -> None:
    for customer_id in ("C1", "C2", "C3", "C4", "C7"):
        known = signals(traders.of("evidence", customer_id))
        assert {view.definition.id: view.probability for view in views(known, kind="company")} == _likely(traders, customer_id)


@pytest.mark.parametrize(
    "asked",
    ["看下华贸进出口的需求图谱", "华贸可能需要什么", "帮我看看华贸进出口有限公司的需求", "華貿進出口的需求圖譜", "分析一下华贸的潜在需求"],
)
def test_the_graph_is_told_ranked_dated_and_with_what_would_change_it(traders: Made, asked: str) -> None:
    said = traders.said(asked)
    lines = said.splitlines()
    assert len(lines) <= 12
    assert lines[0] == "华贸进出口有限公司的需求图谱（截至 2026-11-23）"
    assert lines[1].startswith("1. 跨境结算 ")
    assert lines[2].startswith("2. 外汇套期保值 ")
    assert "外汇汇率（14次）" in lines[1]
    assert "11-19" in lines[1]
    assert "什么会改变它：没有“" in said
    assert "可以问：" in said


@pytest.mark.parametrize(
    "asked", ["为什么觉得华贸需要外汇套保", "凭什么说华贸进出口要做汇率避险", "华贸的套期保值需求依据是什么", "华贸为什么会需要锁汇"]
)
def test_why_names_each_piece_and_the_number_without_it(traders: Made, asked: str) -> None:
    said = traders.said(asked)
    view = next(v for v in views(signals(traders.of("evidence", "C1")), kind="company") if v.definition.id == "fx_hedging")
    assert f"外汇套期保值 {round(view.probability * 100)}%" in said.splitlines()[0]
    for name in ("views_fx", "trade_licence"):
        assert f"没有它是 {round(view.without({name}) * 100)}%" in said
    assert "有进出口经营权" in said


@pytest.mark.parametrize("asked", ["要是没有这些查询呢", "如果不算这些浏览记录呢", "假如他没有查询汇率呢"])
def test_without_the_queries_the_numbers_are_those_of_who_has_none(traders: Made, asked: str) -> None:
    said = traders.turns("看下华贸进出口的需求图谱", asked)[-1]
    before, after = _both(traders, "C1")[0], _both(traders, "C3")[0]
    assert f"跨境结算 {round(before * 100)}% → {round(after * 100)}%" in said


def test_a_pronoun_means_the_one_talked_about(traders: Made) -> None:
    said = traders.turns("看下华贸进出口的需求图谱", "为什么觉得他需要外汇套保")[-1]
    assert said.startswith("华贸进出口有限公司 · 外汇套期保值")


def test_refused_profiling_is_said_and_not_guessed_around(traders: Made) -> None:
    said = traders.said("不同意画像的公司的需求图谱")
    assert "没有同意使用画像" in said
    assert "跨境结算" not in said


def test_a_stranger_is_not_told_of(traders: Made) -> None:
    assert "没有查到" in traders.said("看下张三丰的需求图谱")


def test_the_graph_comes_as_a_picture_that_only_its_asker_sees(traders: Made) -> None:
    (report,) = traders.reports("看下华贸进出口的需求图谱")
    path = Path(report["replies"][0]["image"])
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert path.stat().st_mode & 0o077 == 0
    (again,) = traders.reports("华贸可能需要什么")
    assert again["replies"][0]["image"] == str(path)
    (without,) = traders.reports("不同意画像的公司的需求图谱")
    assert without["replies"][0]["image"] is None


def test_the_page_shows_the_picture_to_whom_it_was_sent_and_to_nobody_else(traders: Made) -> None:
    moment = datetime.combine(TODAY, time(20), tzinfo=BANK_ZONE)
    asker = Party(Role.RM, "S1")
    with build(Settings(data=traders.data, sandbox=True), clock=lambda: moment) as app, served([media_routes(app)]) as edge:
        app.converse(Inbound(channel="web", message_id="q1", sender=asker, text="华贸的需求图谱", received_at=moment))
        with app.store.reading() as records:
            lines = Reader(asker, name_of=str, title_of=lambda _: None).read(records.transcript.of(OwnChat(app, asker).conversation_id))
        (address,) = {line["media"] for line in lines if line["media"]}
        assert address.startswith("/workbench/picture/")
        with urllib.request.urlopen(f"{edge.base}{address}?as=rm:S1", timeout=10) as answer:
            assert (answer.headers["content-type"], answer.read(4)) == ("image/png", b"\x89PNG")
        for who, path in (("rm:S2", address), ("rm:S1", f"{address[:-3]}abc"), ("rm:S1", f"{address}/../x")):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"{edge.base}{path}?as={who}", timeout=10)
            with refused.value as answer:
                assert answer.code == 404
