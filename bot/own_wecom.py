"""A sandbox's own WeCom: `python -m sandbox.wecom` beside the house, so that its channels are seen without an account.

It starts while the house is put together, on a socket opened here: whether the port is free is known at once, and whoever calls early is
served when it is up. It hears that we are gone, however we went, by its standard input closing. Keys and its state lie in the data folder.
"""

import base64
import json
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import App
from bot.demonstration import stories
from bot.observe import event
from config.settings import Settings
from domain.book import Customer, StaffMember
from domain.party import Role

Json = dict[str, Any]
_AGENT_ID = 1000002
_CUSTOMERS = 6
_ENDS_WITHIN_S = 10.0
_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  compared with, never listened on


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWecom:
    """The process. `begin` tells it whom there is; before that it answers nobody."""

    settings: Settings
    keys: Mapping[str, str]
    process: subprocess.Popen[str]

    @property
    def phones(self) -> str:
        """The page that shows it."""
        return f"{self.settings.wecom_oauth_base}/phones"

    def begin(self, app: App) -> None:
        """Tell it the people of the bank: relationship managers serve, some of the stories have WeChat."""
        from bot.channels.wecom.app.menu import menu

        with app.store.reading() as records:
            staff = [member for member in records.book.people() if member.active]
            customers = {one.id: one for one in records.book.customers() if one.status == "active" and one.kind == "person"}
        managers = _managers(staff, customers)
        others = [member for member in staff if member.role is not Role.RM]
        ours = self.settings.wecom_public_url
        told = {
            "options": _options(self.keys),
            "callbacks": {"kf": f"{ours}/wecom/kf", "app": f"{ours}/wecom/app", "contacts": f"{ours}/wecom/contacts"},
            "account": {"name": "陪伴客服", "servicers": [member.id for member in managers]},
            "members": [{"userid": member.id, "name": member.name} for member in (*managers, *others)],
            "customers": [{"name": one.name} for one in _with_wechat(customers)],
            "menu": menu(public_url=ours)["button"],
            "state": str((self.settings.data / "sandbox-wecom.state").resolve()),
        }
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(told) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            event("sandbox.wecom.ended", code=self.process.poll())

    def end(self) -> None:
        """Let it keep its state and end."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def own_wecom(settings: Settings, *, wanted: bool, say: Callable[[str], None]) -> Iterator[OwnWecom | None]:
    """Start one where it is wanted: in a sandbox that has no other. None, and a line to `say`, where its port is taken.

    `OwnWecom.settings` are then the settings to go on with.
    """
    if not wanted or not settings.sandbox or settings.rig or settings.wecom_corp_id:
        yield None
        return
    listening = _listen(settings.sandbox_wecom_port)
    if listening is None:
        say(f"端口 {settings.sandbox_wecom_port} 已被占用，这次不开微信演示，其余照常（PEIBAN_SANDBOX_WECOM_PORT 可换端口）。")
        yield None
        return
    keys = _keys(settings.data / "sandbox-wecom.json")
    with listening:
        port = listening.getsockname()[1]
        process = _start(listening)
    own = OwnWecom(settings=_set_up(settings, keys, f"http://127.0.0.1:{port}"), keys=keys, process=process)
    try:
        yield own
    finally:
        own.end()


def _start(listening: socket.socket) -> "subprocess.Popen[str]":
    handed_on = listening.fileno()
    return subprocess.Popen(  # noqa: S603  our own interpreter and module
        [sys.executable, "-m", "sandbox.wecom", "--led", str(handed_on)],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        pass_fds=(handed_on,),
        start_new_session=True,  # a Ctrl-C is ours: it is told when we have finished
        text=True,
    )


def _listen(port: int) -> socket.socket | None:
    try:
        return socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError:
        return None


def _keys(path: Path) -> Mapping[str, str]:
    """The keys of last time, or new ones."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if set(kept) == set(fresh := _new_keys()):
            return dict(kept)
    except (OSError, ValueError, TypeError):
        fresh = _new_keys()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(fresh), encoding="utf-8")
    return fresh


def _new_keys() -> dict[str, str]:
    aes_key = ""
    while not aes_key.isalnum():
        aes_key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    words = {name: secrets.token_hex(16) for name in ("app", "contacts", "kf", "token", "secret_key")}
    return {"corp_id": f"ww{secrets.token_hex(8)}", "aes_key": aes_key} | words


def _options(keys: Mapping[str, str]) -> Json:
    """What `sandbox.wecom.options.Options` is to be."""
    own = {name: keys[name] for name in ("corp_id", "token", "aes_key")}
    return own | {"agent_id": _AGENT_ID, "secrets": {kind: keys[kind] for kind in ("app", "contacts", "kf")}}


def _set_up(settings: Settings, keys: Mapping[str, str], base: str) -> Settings:
    host = "127.0.0.1" if settings.host in _EVERYWHERE else settings.host
    ours = settings.wecom_public_url or f"http://{host}:{settings.port}"
    changed = {
        "wecom_api_base": f"{base}/cgi-bin",
        "wecom_oauth_base": base,
        "wecom_public_url": ours,
        "wecom_corp_id": keys["corp_id"],
        "wecom_secret": SecretStr(keys["kf"]),
        "wecom_token": SecretStr(keys["token"]),
        "wecom_aes_key": SecretStr(keys["aes_key"]),
        "wecom_app_agent_id": _AGENT_ID,
        "wecom_app_secret": SecretStr(keys["app"]),
        "wecom_app_token": SecretStr(keys["token"]),
        "wecom_app_aes_key": SecretStr(keys["aes_key"]),
        "wecom_contacts_secret": SecretStr(keys["contacts"]),
        "wecom_contacts_token": SecretStr(keys["token"]),
        "wecom_contacts_aes_key": SecretStr(keys["aes_key"]),
        "secret_key": settings.secret_key if settings.secret_key.get_secret_value() else SecretStr(keys["secret_key"]),
    }
    return settings.model_copy(update=changed)


def _managers(staff: Sequence[StaffMember], customers: Mapping[str, Customer]) -> list[StaffMember]:
    """The relationship managers, first whose customers have WeChat here."""
    theirs = {customer.rm_id for customer in _with_wechat(customers)}
    return sorted((one for one in staff if one.role is Role.RM), key=lambda one: (one.id not in theirs, one.id))


def _with_wechat(customers: Mapping[str, Customer]) -> list[Customer]:
    """Some persons of the stories, or whoever there is in a bank without them."""
    told = [known for one in stories() if (known := customers.get(one.customer_id)) and known.name == one.name]
    return (told or list(customers.values()))[:_CUSTOMERS]
