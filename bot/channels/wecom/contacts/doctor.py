"""What stands between these settings and working contacts, told line by line as `bot.channels.wecom.doctor` does for customer service."""

from collections.abc import Iterator

from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.contacts.names import spelled
from bot.channels.wecom.contacts.sync import followers
from bot.channels.wecom.contacts.wiring import PATH
from bot.channels.wecom.doctor import Check, good, judge, missing, names, note, prove_address
from bot.channels.wecom.envelope import Envelope
from bot.channels.wecom.people import WeComPeople
from bot.clock import Clock
from domain.errors import PeibanError
from domain.party import Role
from domain.ports import Store

_KF_PATH = "/wecom/kf"
_SECRET = "到管理后台“客户联系—API”查看 Secret，设到 PEIBAN_WECOM_CONTACTS_SECRET；换过应用的，要用“可调用接口的应用”的 Secret"  # noqa: S105  words, not a secret
_TO_DO = {
    40001: _SECRET,
    40091: _SECRET,
    48002: "这个 Secret 没有客户联系的接口权限：到“客户联系—API—可调用接口的应用”勾选应用",
    60011: "成员不在应用的可见范围里：到“可见范围”加上客户经理",
}


class ContactsDoctor:
    """Changes nothing on WeCom's side, and never raises for what WeCom or the network does."""

    def __init__(
        self, store: Store, client: WeComClient, *, people: WeComPeople, envelope: Envelope, callback_url: str, clock: Clock
    ) -> None:
        """`callback_url` is the public address of /wecom/kf or /wecom/contacts; empty where it is not to be looked at."""
        self._store = store
        self._client = client
        self._people = people
        self._envelope = envelope
        self._url = f"{callback_url.removesuffix(_KF_PATH).removesuffix(PATH)}{PATH}" if callback_url else ""
        self._clock = clock

    def checks(self) -> Iterator[Check]:
        """Look, one thing after the other."""
        try:
            self._client.prove_secret()
        except PeibanError as fault:
            yield judge("客户联系 凭证", fault, _TO_DO)
        else:
            yield good("客户联系 凭证", "企业 ID 和 Secret 有效")
            yield from self._members()
        yield self._callback()

    def _members(self) -> Iterator[Check]:
        title = "客户联系 成员"
        try:
            found = followers(self._client)
        except PeibanError as fault:
            yield judge("客户联系 权限", fault, _TO_DO)
            return
        if not found:
            yield missing(title, "没有成员能添加客户", "到“客户联系—权限配置”把客户经理加进使用范围")
            return
        yield good(title, f"{len(found)} 位成员可以添加客户")
        with self._store.reading() as records:
            rms = {one.id for one in records.book.people() if one.active and one.role is Role.RM}
        unknown = [one for one in found if self._people.staff_id(spelled(self._people, one)) not in rms]
        if unknown:
            yield note(
                title, f"台账里没有对应的在岗客户经理：{names(unknown)}", "在 PEIBAN_WECOM_PEOPLE 里写明；否则欢迎语里没有姓名和电话"
            )

    def _callback(self) -> Check:
        title = "客户联系 回调地址"
        if not self._url:
            return note(title, "没有验证", "设 PEIBAN_WECOM_CALLBACK_URL，这里就会像企业微信那样验证同一域名下的 /wecom/contacts")
        return prove_address(title, self._url, self._envelope, self._clock, path=PATH, settings="PEIBAN_WECOM_CONTACTS")
