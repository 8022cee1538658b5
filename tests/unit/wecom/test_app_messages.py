"""What a callback of the app says is read whatever stands in it, and each thing that happened has an id of its own."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.wecom.app.messages import Entered, Passed, Press, Spoken, read
from bot.channels.wecom.envelope import OPTIONS

AGENT = 7
PRESS = {
    "FromUserName": "ZhouMin",
    "CreateTime": "1",
    "MsgType": "event",
    "Event": "template_card_event",
    "EventKey": "waiting:",
    "TaskId": "t",
    "ResponseCode": "R",
    "AgentID": "7",
}
_NAMES = st.sampled_from([*PRESS, "MsgId", "Content", OPTIONS, "New"])
_WORDS = ("text", "event", "image", "click", "enter_agent", "template_card_event", "7", "ZhouMin", "")
_VALUES = st.one_of(st.sampled_from(_WORDS), st.text())


def id_of(**changed: str) -> str:
    said = read(PRESS | changed, agent_id=AGENT)
    assert isinstance(said, Spoken)
    return said.message_id


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine says nothing of the reading
@given(st.dictionaries(_NAMES, _VALUES))
def test_nothing_that_wecom_might_say_breaks_the_reading(fields: dict[str, str]) -> None:
    said = read(fields, agent_id=AGENT)
    assert isinstance(said, Spoken | Entered | Passed)
    if isinstance(said, Spoken):
        assert said.userid
        assert 0 < len(said.message_id) <= 200


def test_a_press_is_its_key_and_remembers_how_to_change_the_card() -> None:
    said = read(PRESS, agent_id=AGENT)
    assert isinstance(said, Spoken)
    assert (said.text, said.kind, said.press) == ("waiting:", "text", Press(key="waiting:", response_code="R"))


def test_what_is_another_thing_has_another_id_and_what_is_called_again_the_same() -> None:
    others = [{"FromUserName": "LinXiao"}, {"CreateTime": "2"}, {"EventKey": "my_tasks:"}, {"TaskId": "u"}, {"Event": "click"}]
    assert len({id_of(**one) for one in [{}, *others]}) == 6
    assert id_of(ResponseCode="other", New="field") == id_of()
    assert read(dict(reversed(PRESS.items())), agent_id=AGENT) == read(PRESS, agent_id=AGENT)
