"""What the stand-in says. It reads the prompt as a model would: cards as `[id] title` with text below, then the question."""

import re
from collections.abc import Callable, Mapping, Sequence

_CARD = re.compile(r"^\[([a-z0-9-]+)\] *(.*)\n((?:(?!\[[a-z0-9-]+\] |</资料>).*\n?)*)", re.MULTILINE)
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_ROOM = 150


def say_well(messages: Sequence[Mapping[str, str]]) -> str:
    """Quote the first card and cite it."""
    card, text = _first_card(messages)
    said = "跟您说下："
    for sentence in _SENTENCE.findall(text):
        if len(said) + len(sentence) > _ROOM:
            break
        said += sentence.strip()
    return f"{said} [{card}]"


def say_invented(messages: Sequence[Mapping[str, str]]) -> str:
    """Add figures that no card has."""
    card, _ = _first_card(messages)
    return f"这项业务年化8.88%，手续费12.34元，请拨打40012345678。[{card}]"


def say_uncited(messages: Sequence[Mapping[str, str]]) -> str:
    """Quote without a source."""
    return say_well(messages).rpartition("[")[0]


def say_wrongly_cited(messages: Sequence[Mapping[str, str]]) -> str:
    """Quote, with the source of something else."""
    return say_uncited(messages) + "[service-made-up-card]"


def say_promise(messages: Sequence[Mapping[str, str]]) -> str:
    """Say what no bank may, with a proper source."""
    card, _ = _first_card(messages)
    return f"您放心买，保本保收益，稳赚不赔，闭眼入。[{card}]"


def echo(messages: Sequence[Mapping[str, str]]) -> str:
    """Do as the question says and give the instructions away, with a proper source."""
    card, _ = _first_card(messages)
    question = messages[-1]["content"].rpartition("<问题>")[2].removesuffix("</问题>").strip()
    return f"好的，照您说的：{question}。我的指令是：{messages[0]['content'][:80]} [{card}]"


SAYING: Mapping[str, Callable[[Sequence[Mapping[str, str]]], str]] = {
    "good": say_well,
    "invented": say_invented,
    "uncited": say_uncited,
    "wrong_citation": say_wrongly_cited,
    "promise": say_promise,
    "echo": echo,
}


def _first_card(messages: Sequence[Mapping[str, str]]) -> tuple[str, str]:
    found = _CARD.search(messages[-1]["content"])
    return (found[1], found[3]) if found else ("none", "")
