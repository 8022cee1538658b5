"""A person's own chat with the bot, for customers and for staff alike."""

from typing import Any

from nicegui import Client

from bot.app import App
from bot.web.elements import ChatPanel, Head
from bot.web.identity import Visitor
from bot.web.lines import ASSISTANT
from bot.web.live import Live, off_loop
from bot.web.sending import Sender, said
from bot.web.sources import FIRST, OwnChat, Situation
from domain.conversation import Owner

ENDED = "这次进入已经到时间了。请用新的链接再进来，之前说的都还在。"
_WELCOME = "您好，我是银行的智能助手陪伴。\n想问什么、想办什么，直接说就行；\n想找真人，随时说“人工”。"
_STAFF_WELCOME = "这里是您和助手的对话，客户看不到。"
_STARTERS = ("银行卡丢了怎么办", "附近有哪些网点", "找人工")


def customer_head(situation: Situation) -> Head:
    """What stands over a customer's chat: always that an assistant speaks, or which person does."""
    text = {
        Owner.BOT.value: "AI 智能助手，不是真人",
        Owner.WAITING.value: "正在请同事来接，这期间由 AI 智能助手回答",
        Owner.HUMAN.value: f"{situation.name or '银行同事'}正在接待您（真人）",
    }[situation.owner]
    return _head(situation.owner, text, "想问什么，直接说", face=situation.name[:1] or ASSISTANT[0])


def staff_head(_situation: Situation) -> Head:
    """What stands over a member of staff's own chat."""
    return _head(Owner.BOT.value, "AI 智能助手 · 只有您看得到", "问助手，比如：待接")


def _head(kind: str, text: str, placeholder: str, *, face: str = ASSISTANT[0]) -> Head:
    return Head(kind=kind, face=face, heading=ASSISTANT, text=text, canSay=True, placeholder=placeholder, closed="", actions=[])


class OwnChatPanel:
    """Puts the chat on the page that is being built and keeps it fresh until the page is gone."""

    def __init__(self, app: App, visitor: Visitor, *, sender: Sender, client: Client) -> None:
        self._app = app
        self._visitor = visitor
        self._sender = sender
        self._client = client
        self._source = OwnChat(app, visitor.party)
        self._head_of = staff_head if visitor.party.role.is_staff else customer_head
        self._situation = Situation()
        self._most = FIRST

    async def build(self) -> None:
        """Read what was said and show it."""
        lines, more, self._situation = await off_loop(self._source.newest)
        is_staff = self._visitor.party.role.is_staff
        self._panel = ChatPanel(
            mode="own" if is_staff else "customer",
            label="我和助手的对话" if is_staff else "对话",
            place=self._source.conversation_id,
            head=self._head_of(self._situation),
            lines=lines,
            more=more,
            welcome=_STAFF_WELCOME if is_staff else _WELCOME,
            starters=() if is_staff else _STARTERS,
        )
        self._panel.on("say", lambda event: self._say(event.args))
        self._panel.on("older", self._older)
        self._live = Live(self._refresh)
        deaf = self._app.bell.listen(self._source.conversation_id, self._live.wake)
        self._client.on_delete(self._live.stop)
        self._client.on_delete(deaf)

    async def _say(self, body: Any) -> None:
        message = said(body)
        if message is None:
            return
        if not self._sender.open:
            self._panel.end(ENDED)
            return
        self._panel.taken(message.id, fresh=await self._sender.send(message.id, message.text))

    async def _older(self) -> None:
        self._most *= 2
        lines, more, self._situation = await off_loop(self._source.newest, self._most)
        self._panel.begin(lines, more=more, head=self._head_of(self._situation), place=self._source.conversation_id)

    async def _refresh(self) -> None:
        if not self._sender.open:
            self._panel.end(ENDED)
            self._live.stop()
            return
        lines, situation = await off_loop(self._source.since)
        if lines:
            self._panel.extend(lines)
        if situation != self._situation:
            self._situation = situation
            self._panel.situate(self._head_of(situation))
