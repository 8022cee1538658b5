"""Staff in the app: whatever they send is stored once and answered, strangers get one line, a customer is handed over whole."""

from collections.abc import Callable

import pytest

from domain.conversation import Owner
from domain.message import conversation_id
from domain.party import Party, Role
from tests.integration.wecom.app_rig import AGENT, STRANGER, ZHOU, AppServer, buttons, shown
from tests.integration.wecom.conftest import Field, Office, until
from tests.integration.wecom.kf_rig import seal

pytestmark = pytest.mark.slow

ZHOU_PARTY = Party(Role.RM, "S0003")
CONVERSATION = conversation_id("wecom", ZHOU_PARTY)


def own_lines(office: Office) -> list[str]:
    return [text for author, text in office.lines(CONVERSATION) if author == str(ZHOU_PARTY)]


def test_the_address_is_proved_and_a_question_is_answered(office: Office) -> None:
    assert office.edge.verify("1616140317555161061") == (200, "1616140317555161061")
    assert "没有客户在等" in shown(*office.ask("待接"))
    assert "共" in shown(*office.ask("我的客户名单"))


def test_an_answer_leads_to_the_banks_page_from_its_card(open_office: Callable[..., Office]) -> None:
    page = "https://www.bank.example/app"
    office = open_office(bank_pages={"app": page}, link_hosts=("www.bank.example",))
    answer = office.ask("手机银行登不上去了")[-1]
    opens, *answers = answer["template_card"]["button_list"]
    assert opens == {"type": 1, "text": "官网下载App", "style": 1, "url": page}
    assert [one["text"] for one in answers] == ["展开"]


def test_a_whole_hand_off(office: Office) -> None:
    customer = office.customer()
    web = conversation_id("web", customer)
    office.event("enter_agent", ("EventKey", ""))
    help_card = office.hear(2)[-1]
    assert "我的待办" in buttons(help_card)

    office.quiet()
    got = len(office.server.to(ZHOU))
    office.on_the_web(customer, "转人工")
    notice = office.hear(got + 1)[got]
    assert "请求人工" in shown(notice)
    (label,) = buttons(notice)
    office.quiet()  # the card is in the transcript, by which a press is named, once the send is settled

    code = office.press(notice, label)
    taken = office.hear(got + 2)[got + 1]
    assert "已接管" in shown(taken)
    until(lambda: bool(office.server.updates), lambda: "the card was not changed")
    (update,) = office.server.updates
    assert update == {"userids": [ZHOU], "agentid": AGENT, "response_code": code, "button": {"replace_name": label}}

    office.on_the_web(customer, "我想改手机号")
    assert "已发给" in shown(*office.ask("回复 您好，我来帮您改"))
    assert ("rm:S0003", "您好，我来帮您改") in office.lines(web)
    assert "已交还" in shown(*office.ask("释放"))
    with office.app.store.reading() as records:
        conversation = records.conversations.find(web)
        assert conversation is not None
        assert conversation.owner is Owner.BOT
    office.quiet()
    assert office.rows("failed") == office.rows("unknown") == []


KINDS: list[tuple[str, tuple[Field, ...], str]] = [
    ("image", (("PicUrl", "http://x"), ("MediaId", "m")), "[图片]"),
    ("voice", (("MediaId", "m"), ("Format", "amr")), "[语音]"),
    ("video", (("MediaId", "m"), ("ThumbMediaId", "t")), "[视频]"),
    ("file", (("MediaId", "m"),), "[文件]"),
    ("location", (("Location_X", "31.2"), ("Location_Y", "121.4"), ("Label", "外滩")), "[位置]"),
    ("link", (("Title", "t"), ("Url", "http://x")), "[消息]"),
    ("of_next_year", (("Field", "x"),), "[消息]"),
]


def test_every_kind_of_message_becomes_something_readable_and_is_answered(office: Office) -> None:
    for number, (kind, more, _) in enumerate(KINDS):
        assert office.edge.event(*office.fields(ZHOU, kind, *more, ("MsgId", f"9{number}"))) == 200
    office.hear(len(KINDS))
    office.quiet()
    assert own_lines(office) == [stands_for for _, _, stands_for in KINDS]


def test_fields_added_missing_reordered_and_doubled(office: Office) -> None:
    whole = office.fields(ZHOU, "text", ("Content", "待接"), ("MsgId", "1"))
    assert office.edge.event(*reversed(whole)) == 200
    assert office.edge.event(*office.fields(ZHOU, "text", ("Content", "帮助"), ("MsgId", "2"), ("New", "x"), ("Content", "释放"))) == 200
    assert office.edge.event(("FromUserName", ZHOU), ("MsgType", "text"), ("Content", "我的待办")) == 200  # no MsgId, no time, no agent
    office.quiet()
    assert own_lines(office) == ["待接", "帮助", "我的待办"]
    assert office.edge.event(("MsgType", "text"), ("Content", "谁说的")) == 200
    assert office.edge.event() == 200
    assert office.reception.refused["nobody"] == 2


def test_what_wecom_calls_for_three_times_is_done_once(office: Office) -> None:
    message = office.fields(ZHOU, "text", ("Content", "待接"), ("MsgId", "77"))
    without_id = (("FromUserName", ZHOU), ("CreateTime", office.stamp()), ("MsgType", "text"), ("Content", "我的待办"))
    click = office.fields(ZHOU, "event", ("Event", "click"), ("EventKey", "帮助"))
    enter = office.fields(ZHOU, "event", ("Event", "enter_agent"), ("EventKey", ""))
    for fields in (message, without_id, click, enter):
        for _ in range(3):
            assert office.edge.event(*fields) == 200
    office.quiet()
    assert own_lines(office) == ["待接", "我的待办", "帮助", ""]
    assert len(office.server.to(ZHOU)) == 6  # help is a text and a card


def test_opening_the_app_again_is_no_greeting(open_office: Callable[..., Office]) -> None:
    office = open_office()
    office.event("enter_agent", ("EventKey", ""))
    office.hear(2)
    office.app.clock.at = office.app.clock.at.replace(hour=15)  # type: ignore[attr-defined]  a clock that tests move
    office.event("enter_agent", ("EventKey", ""))
    assert "没有客户在等" in shown(*office.ask("待接"))
    assert len(office.server.to(ZHOU)) == 3


def test_two_presses_in_one_second_are_two_and_a_press_that_comes_twice_changes_the_card_once(office: Office) -> None:
    office.ask("帮助")
    card = office.server.to(ZHOU)[-1]
    code = office.press(card, "待接")
    again = (("EventKey", "waiting:"), ("TaskId", card["template_card"]["task_id"]), ("ResponseCode", code))
    office.event("template_card_event", *again)
    office.press(card, "我的待办")
    office.quiet()
    until(lambda: len(office.server.updates) == 2, lambda: str(office.server.updates))
    assert [one["button"]["replace_name"] for one in office.server.updates] == ["待接", "我的待办"]
    assert own_lines(office) == ["帮助", "waiting:", "my_tasks:"]
    assert office.server.calls["message/update_template_card"] == 2


@pytest.mark.parametrize("spelt", ["OptionIds", "OpitonIds"])
def test_a_chosen_option_is_read_however_wecom_spells_it(office: Office, spelt: str) -> None:
    chosen = f"<SelectedItem><QuestionKey>q</QuestionKey><{spelt}><OptionId>待接</OptionId></{spelt}></SelectedItem>"
    office.event("template_card_event", ("EventKey", "submit"), ("TaskId", "t"), ("SelectedItems", chosen))
    assert "没有客户在等" in shown(office.hear(1)[0])
    assert own_lines(office) == ["待接"]


def test_a_card_that_cannot_be_changed_is_no_fault(office: Office) -> None:
    office.server.fault("message/update_template_card", 42016)
    office.ask("帮助")
    office.press(office.server.to(ZHOU)[-1], "待接")
    until(lambda: office.server.calls["message/update_template_card"] == 1, lambda: "it was not tried")
    assert office.server.updates == []
    assert "没有客户在等" in shown(*office.ask("待接"))


@pytest.mark.parametrize("people", [{ZHOU: "rm:S0003"}, {STRANGER: "rm:S9999"}, {STRANGER: "compliance:S0003"}])
def test_a_stranger_gets_one_kind_line_and_nothing_is_stored(open_office: Callable[..., Office], people: dict[str, str]) -> None:
    office = open_office(wecom_people=people)
    office.event("enter_agent", ("EventKey", ""), userid=STRANGER)
    for text in ("我的客户名单", "在吗", "take_over:web:customer:C000002"):
        office.say(text, userid=STRANGER)
    assert "没有登记" in shown(office.hear(1, userid=STRANGER)[0])
    office.reception.stop()
    assert len(office.server.to(STRANGER)) == 1
    assert office.reception.refused["stranger"] == 4
    with office.app.store.reading() as records:
        assert records.inbox.waiting() == 0
    assert office.rows("sent") == []


def test_without_a_list_userids_are_staff_ids(open_office: Callable[..., Office], wecom: AppServer) -> None:
    office = open_office(wecom_people={})
    wecom.members |= {"S0003", "s-of-nobody"}
    assert "没有客户在等" in shown(*office.ask("待接", userid="S0003"))
    assert "没有登记" in shown(*office.ask("待接", userid="s-of-nobody"))


def test_what_is_not_for_us_is_passed_over_and_counted(office: Office) -> None:
    for name in ("view", "subscribe", "LOCATION", "of_next_year"):
        office.event(name, ("EventKey", "http://x"))
    office.event("click", ("EventKey", ""))
    assert office.edge.event(*office.fields("sys", "event", ("Event", "batch_job_result"))) == 200
    other = [(name, "1000099" if name == "AgentID" else value) for name, value in office.fields(ZHOU, "text", ("Content", "待接"))]
    assert office.edge.event(*other) == 200
    assert office.reception.refused == {
        "event:view": 1,
        "event:subscribe": 1,
        "event:LOCATION": 1,
        "event:of_next_year": 1,
        "event:click": 1,
        "nobody": 1,
        "agent": 1,
    }
    assert office.lines(CONVERSATION) == []


def test_forged_stale_oversized_and_broken_calls_are_refused(office: Office) -> None:
    document = f"<xml><FromUserName>{ZHOU}</FromUserName><MsgType>text</MsgType><Content>待接</Content><MsgId>1</MsgId></xml>"
    edge = office.edge
    assert edge.call(document, signature="0" * 40) == 403
    assert edge.call(document, age_s=3600) == 403
    assert edge.call(document, age_s=-3600) == 403
    assert edge.call(document, corp="ww-other") == 403
    assert edge.call(document, body=b"x" * 300_000) == 413
    assert edge.call(document, body=b"<xml><Encrypt>") == 400
    assert edge.call(document, body=f"<xml><Encrypt>{seal(document)}</Encrypt></xml>".encode()) == 403  # sealed anew, signed for another
    assert edge.call('<!DOCTYPE x [<!ENTITY a "b">]><xml><Content>&a;</Content></xml>') == 400
    assert edge.call("no xml") == 400
    assert office.lines(CONVERSATION) == []
    with office.app.store.reading() as records:
        assert records.inbox.waiting() == 0


def test_what_cannot_be_stored_is_not_acknowledged(office: Office) -> None:
    office.app.mover.stop()
    message = office.fields(ZHOU, "text", ("Content", "待接"), ("MsgId", "5"))
    with office.app.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO inbox_away")
    assert office.edge.event(*message) == 503
    with office.app.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox_away RENAME TO inbox")
    assert office.edge.event(*message) == 200
    with office.app.store.reading() as records:
        assert records.inbox.waiting() == 1


def test_a_list_is_set_as_markdown_where_that_is_wanted(open_office: Callable[..., Office]) -> None:
    office = open_office(wecom_app_markdown=True)

    listed = [one for one in office.ask("我的客户名单") if one["msgtype"] == "markdown"]
    plain = office.ask("待接")

    with office.app.store.reading() as records:
        names = [customer.name for customer in records.book.customers_of("S0003")]
    content = "\n".join(one["markdown"]["content"] for one in listed)
    assert content.startswith("**名下客户：共 ")
    assert sum(name in content for name in names) >= 8
    assert [one["msgtype"] for one in plain] == ["text"]
