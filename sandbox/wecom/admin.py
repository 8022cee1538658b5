"""`/_sandbox/…`: what a test or a demonstration may change and look at. JSON in, JSON out."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.wecom.courier import Courier
from sandbox.wecom.dispatch import Api, json_answer
from sandbox.wecom.errors import Impossible, Refused
from sandbox.wecom.http import Answer, Request
from sandbox.wecom.kf.log import account_of
from sandbox.wecom.options import KINDS
from sandbox.wecom.people import Customer, Member
from sandbox.wecom.phone_api import PhoneApi
from sandbox.wecom.world import World

Json = dict[str, Any]
_ROOT = "/_sandbox"


@dataclass
class Admin:
    """Answers everything below `/_sandbox`."""

    world: World
    api: Api
    courier: Courier

    def __post_init__(self) -> None:
        self.phones = PhoneApi(self.world)
        self._pages: dict[str, Callable[[Json], Any | Awaitable[Any]]] = {
            "": lambda _: self.about(),
            "clock": self._clock,
            "faults": self._faults,
            "counters": self._counters,
            "calls": self._calls,
            "callback": self._callback,
            "callbacks": self._callbacks,
            "callbacks/wait": self._wait_for_callbacks,
            "tokens/end": self._end_tokens,
            "settings": self._settings,
            "members": self._members,
            "customers": self._customers,
            "kf/servicers": self._servicers,
            "kf/empty_pages": self._empty_pages,
            "kf/fail_next": self._fail_next,
            "kf/auth_change": self._auth_change,
            "kf/upgrade": self._upgrade,
        }

    async def answer(self, request: Request) -> Answer:
        """One call. 400, 404 and 409 come with a sentence in `error`."""
        path = request.path.removeprefix(_ROOT).strip("/")
        try:
            given = {**request.query, **_body(request)}
            if path.startswith("phones/"):
                return await self.phones.answer(path.removeprefix("phones/"), given)
            if path not in self._pages:
                raise Impossible("no such page", 404)
            result = self._pages[path](given | {"_method": request.method})
            return json_answer(await result if isinstance(result, Awaitable) else result)
        except Impossible as impossible:
            return json_answer({"error": str(impossible)}, impossible.status)
        except Refused as refused:
            return json_answer({"error": str(refused), "errcode": refused.code}, 400)
        except (KeyError, TypeError, ValueError) as error:
            return json_answer({"error": f"{type(error).__name__}: {error}"}, 400)

    def about(self) -> Json:
        """The corp, its keys and its kf accounts."""
        options = self.world.options
        return {
            "corp_id": options.corp_id,
            "agent_id": options.agent_id,
            "secrets": options.secrets,
            "token": options.token,
            "aes_key": options.aes_key,
            "callback": self.courier.urls,
            "accounts": {account.open_kfid: account.name for account in self.world.kf.accounts.values()},
        }

    def _clock(self, given: Json) -> Json:
        clock = self.world.clock
        if "set" in given:
            clock.set(str(given["set"]))
        if "advance_s" in given:
            clock.advance(float(given["advance_s"]))
        return {"at": clock.day().isoformat(), "runs": clock.standing is None}

    def _faults(self, given: Json) -> Json:
        if given["_method"] == "DELETE":
            self.api.faults.coming.clear()
        elif given["_method"] == "POST":
            self.api.faults.add(given)
        return {path: [asdict(fault) for fault in coming] for path, coming in self.api.faults.coming.items() if coming}

    def _counters(self, given: Json) -> Json:
        counted = dict(self.api.counters)
        if given["_method"] == "DELETE":
            self.api.counters.clear()
        return counted

    def _calls(self, given: Json) -> list[Json]:
        after, path = int(given.get("after", 0)), given.get("path")
        return [call for call in self.api.calls if call["n"] > after and path in (None, call["path"])]

    async def _callback(self, given: Json) -> Json:
        if "url" in given:
            kinds = (str(given["to"]),) if "to" in given else KINDS
            if given.get("unverified"):
                self.courier.urls |= dict.fromkeys(kinds, str(given["url"]))
            else:
                await self.courier.verify(str(given["url"]), kinds)
        return {"urls": self.courier.urls}

    def _callbacks(self, given: Json) -> Json:
        courier = self.courier
        courier.hold = bool(given.get("hold", courier.hold))
        courier.twice = int(given.get("twice", courier.twice))
        courier.reverse = int(given.get("reverse", courier.reverse))
        return {"waiting": len(self.world.pushes), "busy": courier.busy, "log": list(courier.log)}

    async def _wait_for_callbacks(self, given: Json) -> Json:
        """Wait (`wait_s`) until none is waiting or under way."""
        for _ in range(int(float(given.get("wait_s", 10)) / 0.01)):
            if not self.courier.busy:
                break
            await asyncio.sleep(0.01)
        return self._callbacks({})

    def _end_tokens(self, given: Json) -> Json:
        return {"ended": self.world.tokens.end(str(given.get("secret", "")), int(given.get("errcode", 42001)))}

    def _settings(self, given: Json) -> Json:
        settings = self.world.settings
        for name, value in given.items():
            if name == "_method":
                continue
            if not hasattr(settings, name):
                raise Impossible(f"no setting {name}", 404)
            setattr(settings, name, type(getattr(settings, name))(value))
        return asdict(settings)

    def _members(self, given: Json) -> list[Json]:
        directory = self.world.directory
        if given.pop("_method") == "POST":
            known = directory.members.get(str(given["userid"]).lower())
            changed = (asdict(known) if known else {}) | given
            directory.add_member(Member(**(changed | {"tags": tuple(changed.get("tags", ()))})))
        return [asdict(member) for member in directory.members.values()]

    def _customers(self, given: Json) -> list[Json]:
        directory = self.world.directory
        if given.pop("_method") == "POST":
            known = directory.customers.get(str(given["external_userid"]))
            directory.add_customer(Customer(**((asdict(known) if known else {}) | given)))
        return [asdict(customer) for customer in directory.customers.values()]

    def _servicers(self, _: Json) -> list[Json]:
        accounts = self.world.kf.accounts.values()
        return [{"open_kfid": account.open_kfid, **asdict(servicer)} for account in accounts for servicer in account.servicers.values()]

    def _empty_pages(self, given: Json) -> Json:
        account = account_of(self.world, str(given.get("open_kfid", "")))
        self.world.kf.empty_pages[account.open_kfid] += int(given.get("times", 1))
        return {"times": self.world.kf.empty_pages[account.open_kfid]}

    def _fail_next(self, given: Json) -> Json:
        failing = (str(given.get("open_kfid", "")), str(given.get("customer", "")), int(given.get("fail_type", 0)))
        self.world.kf.failing.extend([failing] * int(given.get("times", 1)))
        return {"coming": len(self.world.kf.failing)}

    def _auth_change(self, given: Json) -> Json:
        event: list[tuple[str, Any]] = [("MsgType", "event"), ("Event", "kf_account_auth_change")]
        event += [("AuthAddOpenKfId", name) for name in given.get("add", [])]
        event += [("AuthDelOpenKfId", name) for name in given.get("del", [])]
        self.world.push("kf", event)
        return {}

    def _upgrade(self, given: Json) -> Json:
        self.world.kf.upgrade_members = list(given.get("members", []))
        self.world.kf.upgrade_chats = list(given.get("chats", []))
        return {}


def _body(request: Request) -> Json:
    given = json.loads(request.body) if request.body else {}
    if not isinstance(given, dict):
        raise Impossible("an object is needed", 400)
    return given
