"""What stands between these settings and a working customer service channel: asked of WeCom itself, told line by line with what to do.

Nothing here changes anything on WeCom's side, and no line holds a secret, a token or a customer's id.
"""

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

import requests

from bot.channels.wecom.client import WeComClient, WeComRefused
from bot.channels.wecom.envelope import WINDOW, Envelope
from bot.channels.wecom.people import WeComPeople
from bot.clock import Clock
from domain.errors import ChannelDown, DeliveryUnknown, PeibanError
from domain.party import Role
from domain.ports import Store

_SKEW = timedelta(seconds=60)
_WITHIN_S = 1.0  # how long WeCom waits for an address to prove itself
_PATIENCE_S = 5.0
_PAGE = 100
_SERVING = 0

_SECRET = "到管理后台“应用管理”里这个应用的页面复制 Secret，设到 PEIBAN_WECOM_SECRET"  # noqa: S105  words, not a secret
_RIGHT = "到管理后台“微信客服—可调用接口的应用”勾选这个应用；Secret 要用这个应用自己的"
_TO_DO = {
    40001: _SECRET,
    40091: _SECRET,
    40013: "到管理后台“我的企业—企业信息”复制企业 ID，设到 PEIBAN_WECOM_CORP_ID",
    45009: "调用次数用完了，过一分钟再试",
    48002: f"这个应用没有微信客服的接口权限：{_RIGHT}",
    60011: "客服账号或接待人员不在应用的管理范围内：在应用的“可见范围”里加上接待人员，并在微信客服里把账号分给这个应用",
    95011: "客服账号没有交给接口管理：到“微信客服”里把账号改为由这个应用管理",
    95017: "微信客服的接口没有打开：到“微信客服”里打开“API”",
    301002: f"这个应用不能用这个接口：{_RIGHT}",
}
_BY_STATUS = {
    400: "EncodingAESKey 与管理后台不一致，或者中途改了内容：核对 {settings}_AES_KEY",
    403: "签名不符或时间相差过大：核对服务里的 {settings}_TOKEN、PEIBAN_WECOM_CORP_ID 和服务器时钟",
    404: "地址通了，但后面不是 {path}：核对转发规则",
}


class Outcome(Enum):
    """How a check ended. Only MISSING keeps the channel from working."""

    GOOD = "good"
    NOTE = "note"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line: what was looked at, what was found, and what to do about it."""

    title: str
    outcome: Outcome
    found: str
    to_do: str = ""


class Doctor:
    """Looks in an order in which each check needs those before it. Never raises for what WeCom or the network does."""

    def __init__(
        self, store: Store, client: WeComClient, *, people: WeComPeople, envelope: Envelope, callback_url: str, clock: Clock
    ) -> None:
        """`callback_url` is the public address of /wecom/kf; empty where it is not to be looked at."""
        self._store = store
        self._client = client
        self._people = people
        self._envelope = envelope
        self._callback_url = callback_url
        self._clock = clock

    def checks(self) -> Iterator[Check]:
        """Look, one thing after the other. Without a token WeCom is asked nothing more."""
        try:
            self._client.prove_secret()
        except PeibanError as fault:
            yield judge("凭证", fault)
        else:
            yield good("凭证", "企业 ID 和 Secret 有效，已取得 access_token")
            yield self._time()
            yield from self._accounts()
            yield self._sources()
        yield from self._listed_people()
        yield self._callback()

    def _time(self) -> Check:
        try:
            theirs = self._client.server_time()
        except PeibanError as fault:
            return judge("时钟", fault)
        if theirs is None:
            return note("时钟", "服务器没有报时间，无法比较")
        apart = abs(theirs - self._clock())
        found = f"与服务器相差 {apart.total_seconds():.0f} 秒"
        if apart > _SKEW:
            return missing("时钟", found, f"打开本机的时间同步（NTP）；相差超过 {WINDOW.total_seconds():.0f} 秒的回调一律不收")
        return good("时钟", found)

    def _accounts(self) -> Iterator[Check]:
        accounts: list[dict[str, Any]] = []
        try:
            while len(accounts) % _PAGE == 0:
                page = _dicts(self._client.call("kf/account/list", {"offset": len(accounts), "limit": _PAGE}), "account_list")
                accounts += page
                if not page:
                    break
        except PeibanError as fault:
            yield judge("权限", fault)
            return
        yield good("权限", "微信客服接口可用")
        if not accounts:
            yield missing("客服账号", "一个也没有", "到“微信客服”新建客服账号，并在“可调用接口的应用”里交给这个应用管理")
        managed = [one for one in accounts if one.get("manage_privilege") is not False]
        for account in accounts:
            yield self._account(account, others=bool(managed))
            if account in managed:
                yield from self._servicers(account)

    def _account(self, account: dict[str, Any], *, others: bool) -> Check:
        title = f"客服账号 {_called(account)}"
        if account.get("manage_privilege") is not False:
            return good(title, "由接口管理")
        to_do = "要由陪伴接待，就到“微信客服—可调用接口的应用”里把这个账号交给应用管理"
        return (note if others else missing)(title, "不由这个应用管理，客户的消息到不了陪伴", to_do)

    def _servicers(self, account: dict[str, Any]) -> Iterator[Check]:
        title = f"接待人员 {_called(account)}"
        try:
            listed = _dicts(self._client.call("kf/servicer/list", query={"open_kfid": account.get("open_kfid", "")}), "servicer_list")
        except PeibanError as fault:
            yield judge(title, fault)
            return
        states = {str(one["userid"]): one.get("status", _SERVING) == _SERVING for one in listed if one.get("userid")}
        departments = sum("department_id" in one for one in listed)
        if not states:
            whole = f"只按部门指定（{departments} 个），看不到是谁" if departments else "一个也没有，转人工没有人接"
            yield (note if departments else missing)(title, whole, "在客服账号里加上接待人员，并放进应用的“可见范围”")
            return
        serving = [userid for userid, on in states.items() if on]
        stopped = [userid for userid, on in states.items() if not on]
        found = f"接待中：{names(serving)}；停止接待：{names(stopped)}"
        yield good(title, found) if serving else note(title, found, "没有人接待时，转人工的客户进入排队")
        unknown = [userid for userid in states if not self._is_rm(userid)]
        if unknown:
            to_do = "在 PEIBAN_WECOM_PEOPLE 里写明是哪位客户经理；不是客户经理的可以不写，只是不会被直接转接"
            nobody = len(unknown) == len(states)
            yield (missing if nobody else note)(title, f"台账里没有对应的在岗客户经理：{names(unknown)}", to_do)

    def _is_rm(self, userid: str) -> bool:
        with self._store.reading() as records:
            member = records.book.staff(self._people.staff_id(userid))
        return member is not None and member.active and member.role is Role.RM

    def _listed_people(self) -> Iterator[Check]:
        """Whoever the settings name must be in the book; whoever WeCom lists was looked at above."""
        with self._store.reading() as records:
            known = {member.id for member in records.book.people() if member.active}
        lost = [userid for userid, staff_id in self._people.listed() if staff_id not in known]
        if lost:
            yield missing("人员对照", f"PEIBAN_WECOM_PEOPLE 指到的人不在台账里或已离职：{names(lost)}", "改正设置，或导入员工数据")

    def _sources(self) -> Check:
        try:
            found = self._client.call("getcallbackip").get("ip_list")
        except PeibanError as fault:
            return judge("回调来源", fault)
        listed = [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
        if not listed:
            return note("回调来源", "服务器没有给出地址")
        return note("回调来源", f"企业微信从 {len(listed)} 个地址段发起回调：{names(listed)}", "防火墙要放行；清单会变，每天更新")

    def _callback(self) -> Check:
        title = "回调地址"
        if not self._callback_url:
            return note(title, "没有验证", "把 /wecom/kf 的公网地址设到 PEIBAN_WECOM_CALLBACK_URL，这里就会像企业微信那样验证它")
        return prove_address(title, self._callback_url, self._envelope, self._clock, path="/wecom/kf", settings="PEIBAN_WECOM")


def prove_address(title: str, url: str, envelope: Envelope, clock: Clock, *, path: str, settings: str) -> Check:
    """Ask a callback address as WeCom does when an administrator saves it. `settings` is what the names of its settings begin with."""
    word, stamp, nonce = secrets.token_hex(10), str(int(clock().timestamp())), secrets.token_hex(5)
    sealed = envelope.seal(word)
    signature = envelope.sign(sealed, timestamp=stamp, nonce=nonce)
    query = {"msg_signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": sealed}
    started = time.monotonic()
    try:
        answer = requests.get(url, params=query, timeout=_PATIENCE_S, allow_redirects=False)
    except requests.RequestException as fault:
        to_do = "服务（python -m bot run）要在运行；核对域名、证书、转发和防火墙"
        return missing(title, f"连不上（{type(fault).__name__}）", to_do)
    took_s = time.monotonic() - started
    if answer.status_code != requests.codes.ok:
        to_do = _BY_STATUS.get(answer.status_code, "看转发服务和陪伴的日志").format(path=path, settings=settings)
        return missing(title, f"回答 HTTP {answer.status_code}", to_do)
    if answer.content != word.encode():
        return missing(title, "回答的不是解开的原文", "地址后面不是这套设置的陪伴，或者转发时改了内容（不能加引号、换行、BOM）")
    if took_s > _WITHIN_S:
        return missing(title, f"{took_s:.1f} 秒才回答", "企业微信只等 1 秒：看网络和转发")
    return good(title, f"按企业微信的方式验证通过，{took_s * 1000:.0f} 毫秒")


def judge(title: str, fault: PeibanError, to_dos: Mapping[int, str] | None = None) -> Check:
    """What a refusal or a silence of WeCom's means. `to_dos` are words by errcode that go before those of customer service."""
    if isinstance(fault, WeComRefused):
        if fault.code == 60020:
            whence = f"（{fault.from_ip}）" if fault.from_ip else ""
            to_do = f"到管理后台这个应用的“企业可信IP”里加上本机的出口地址{whence}；加之前要先配好可信域名或回调地址"
        else:
            to_do = {**_TO_DO, **(to_dos or {})}.get(fault.code, "到企业微信开发者中心的“全局错误码”查这个错误码")
        return missing(title, f"企业微信拒绝，错误码 {fault.code}", to_do)
    if isinstance(fault, ChannelDown | DeliveryUnknown):
        return missing(title, f"没有问到：{fault}", "核对 PEIBAN_WECOM_API_BASE、出网、代理和 DNS；企业微信忙的时候过一分钟再试")
    return missing(title, str(fault), "看日志")


def good(title: str, found: str) -> Check:
    """All is well."""
    return Check(title=title, outcome=Outcome.GOOD, found=found)


def note(title: str, found: str, to_do: str = "") -> Check:
    """Something to know."""
    return Check(title=title, outcome=Outcome.NOTE, found=found, to_do=to_do)


def missing(title: str, found: str, to_do: str) -> Check:
    """Something that keeps the channel from working."""
    return Check(title=title, outcome=Outcome.MISSING, found=found, to_do=to_do)


def _dicts(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = answer.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _called(account: dict[str, Any]) -> str:
    return f"{account.get('name') or ''}（{account.get('open_kfid') or '没有 id'}）"


def names(found: Sequence[str], most: int = 20) -> str:
    """A list that a line can hold."""
    more = f" 等 {len(found)} 个" if len(found) > most else ""
    return ("、".join(found[:most]) or "无") + more
