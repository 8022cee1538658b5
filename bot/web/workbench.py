"""The workbench of a relationship manager: who waits, the conversation that is looked at, and the own chat with the bot."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from nicegui import Client, ui

from bot.app import App
from bot.web import commands
from bot.web.elements import Action, ChatPanel, Head, Panes, TaskJson, WaitingJson, WorkJson, WorkList
from bot.web.identity import Visitor
from bot.web.lines import Shown, day_of
from bot.web.live import Live, off_loop
from bot.web.own_chat import ENDED, OwnChatPanel
from bot.web.sending import Sender, said
from bot.web.sources import FIRST, Work, Workbench
from compliance.days import BANK_ZONE
from domain.task import Task
from handlers.lookups import QueueEntry

_REST_S = 0.5  # everything that happens in the house rings here
_TAKE = Action(name="take", label="接管", strong=True)
_RELEASE = Action(name="release", label="释放", strong=False)
_NOBODY = Head(
    kind="idle",
    face="",
    heading="会话",
    text="从待接里选一位客户",
    canSay=False,
    placeholder="",
    closed="接管之后可以在这里回复",
    actions=[],
)


class WorkbenchPage:
    """Puts the workbench on the page that is being built and keeps it fresh until the page is gone."""

    def __init__(self, app: App, visitor: Visitor, client: Client) -> None:
        self._app = app
        self._client = client
        self._sender = Sender(app, visitor)
        self._source = Workbench(app, visitor.party)
        self._own = OwnChatPanel(app, visitor, sender=self._sender, client=client)
        self._work = Work(queue=(), held=(), tasks=())
        self._picked = ""
        self._name = ""
        self._most = FIRST
        self._seen: tuple[int, Head] | None = None

    async def build(self) -> None:
        """Read what there is and show it."""
        me, self._work = await off_loop(self._source.name), await off_loop(self._source.work)
        with ui.element("div").classes("bench"):
            self._list = WorkList(me=me, work=work_json(self._work, at=self._app.clock()))
            self._talk = ChatPanel(
                mode="desk",
                label="客户会话",
                place="",
                head=_NOBODY,
                lines=[],
                more=False,
                welcome="选一位客户，这里会显示说过的话。",
                longest=commands.LONGEST_RELAY,
            )
            await self._own.build()
            self._panes = Panes(("work", "待接"), ("talk", "会话"), ("own", "助手"), waiting=len(self._work.queue))
        self._list.on("pick", lambda event: self._pick(event.args))
        self._list.on("take", lambda event: self._take(event.args))
        self._list.on("close", lambda event: self._close(event.args))
        self._talk.on("say", lambda event: self._relay(event.args))
        self._talk.on("act", lambda event: self._act(event.args))
        self._talk.on("older", self._older)
        self._live = Live(self._refresh, rest_s=_REST_S)
        deaf = self._app.bell.listen("*", self._live.wake)
        self._client.on_delete(self._live.stop)
        self._client.on_delete(deaf)

    # What the person does.

    async def _pick(self, body: Any) -> None:
        conversation = body.get("id") if isinstance(body, dict) else None
        entry = next((entry for entry in (*self._work.queue, *self._work.held) if entry.conversation_id == conversation), None)
        if entry is None:
            return
        self._picked, self._name, self._most = entry.conversation_id, entry.customer_name, FIRST
        await self._begin()

    async def _take(self, body: Any) -> None:
        conversation = body.get("id") if isinstance(body, dict) else None
        if any(entry.conversation_id == conversation for entry in self._work.queue):
            await self._command(commands.take_over(str(conversation)))

    async def _close(self, body: Any) -> None:
        number = body.get("id") if isinstance(body, dict) else None
        task = next((task for task in self._work.tasks if task.id == number and task.id in self._work.closable), None)
        if task is not None:
            await self._command(commands.close_complaint(task.reference))

    async def _act(self, body: Any) -> None:
        wanted = said(body, field="name")
        if wanted is None or wanted.place != self._picked:
            return
        text = {"take": commands.take_over, "release": commands.release}.get(wanted.text)
        if text is not None:
            await self._command(text(self._picked), message_id=wanted.id)

    async def _relay(self, body: Any) -> None:
        message = said(body)
        if message is None or not message.place:
            return
        if not self._sender.open:
            self._talk.end(ENDED)
            return
        fresh = await self._sender.send(message.id, commands.relay(message.place, message.text))
        self._talk.taken(message.id, fresh=fresh)

    async def _command(self, text: str, *, message_id: str = "") -> None:
        if self._sender.open:
            await self._sender.send(message_id or uuid4().hex, text)

    async def _older(self) -> None:
        self._most *= 2
        await self._begin()

    # What the page shows.

    async def _begin(self) -> None:
        lines, more = await off_loop(self._source.talk, self._picked, most=self._most)
        head = self._head()
        self._seen = (_last(lines), head)
        self._talk.begin(lines, more=more, head=head, place=self._picked)

    async def _refresh(self) -> None:
        if not self._sender.open:
            self._talk.end(ENDED)
            self._live.stop()
            return
        work = await off_loop(self._source.work)
        if work != self._work:
            self._work = work
            self._list.show(work_json(work, at=self._app.clock()))
            self._panes.count(len(work.queue))
        picked = self._picked
        if not picked:
            return
        lines, _ = await off_loop(self._source.talk, picked)
        if picked != self._picked:
            return  # somebody else was picked meanwhile
        seen, head = self._seen, self._head()
        self._seen = (_last(lines), head)
        if seen is None or seen[0] != self._seen[0]:
            self._talk.extend(lines)
        if seen is None or seen[1] != head:
            self._talk.situate(head)

    def _head(self) -> Head:
        head = Head(
            kind="bot",
            face=self._name[:1],
            heading=self._name,
            text="",
            canSay=False,
            placeholder="",
            closed="接管之后可以在这里回复",
            actions=[_TAKE],
        )
        if any(entry.conversation_id == self._picked for entry in self._work.held):
            return {
                **head,
                "kind": "human",
                "text": "您正在接待，助手不说话",
                "canSay": True,
                "placeholder": f"回复{self._name}",
                "actions": [_RELEASE],
            }
        if any(entry.conversation_id == self._picked for entry in self._work.queue):
            return {**head, "kind": "waiting", "text": "客户在等人接"}
        return {**head, "text": "不在您手里：由助手或其他同事回答"}


def work_json(work: Work, *, at: datetime) -> WorkJson:
    """Put the lists into the shape that the page takes."""
    return WorkJson(
        queue=_entries(work.queue, at),
        held=_entries(work.held, at),
        tasks=[_task(task, at, closable=task.id in work.closable) for task in work.tasks],
    )


def _entries(entries: Sequence[QueueEntry], at: datetime) -> list[WaitingJson]:
    return [
        WaitingJson(
            id=entry.conversation_id,
            name=entry.customer_name,
            reason=entry.reason,
            summary=entry.summary,
            urgent=entry.urgency == "high",
            seconds=max(0, int((at - entry.since).total_seconds())),
        )
        for entry in entries
    ]


def _task(task: Task, at: datetime, *, closable: bool) -> TaskJson:
    due = task.due_at.astimezone(BANK_ZONE) if task.due_at else None
    return TaskJson(
        id=task.id,
        title=task.title,
        detail=task.detail,
        reference=task.reference,
        due=f"{day_of(due)} {due:%H:%M}" if due else "",
        late=due is not None and due < at,
        urgent=task.urgency == "high",
        closable=closable,
    )


def _last(lines: Sequence[Shown]) -> int:
    return lines[-1]["id"] if lines else 0
