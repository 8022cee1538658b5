"""The answer to the question after a person's stretch: pressed, never typed."""

import re

from domain.effects import Effect, RecordSurvey, Say
from domain.surveys import UNSATISFIED
from handlers.handler import CUSTOMER, Handler, Turn
from handlers.lookups import Lookups

_PRESSED = re.compile(r"([0-9]{1,12})-([123])")


def handle(turn: Turn, lookups: Lookups) -> tuple[Effect, ...]:  # noqa: ARG001  one shape for all handlers
    """Keep it and thank shortly; who is not satisfied is asked why."""
    pressed = _PRESSED.fullmatch(turn.argument)
    if pressed is None:
        return (Say(draft=turn.reply("好，有事随时来说。")),)
    survey, score = int(pressed[1]), int(pressed[2])
    text = "对不住，让您不满意了，我已经告诉负责人。哪里没做好，说一句就行。" if score == UNSATISFIED else "谢谢您告诉我们。"
    return (RecordSurvey(survey_id=survey, score=score), Say(draft=turn.reply(text)))


HANDLER = Handler(intent="survey", title="评价服务", audience=CUSTOMER, handle=handle, order=10, cues=())
