"""Calls to the WeCom server. The only file that knows wechatpy, which is used as an HTTP client with JSON and multipart.

What is closed here (2.0.0a26): addresses that are literal in the library, calls without time-out, an endless refresh of refused tokens,
refreshes side by side, tokens mixed up between secrets, busy answers that nobody tries again.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from wechatpy.exceptions import WeChatClientException
from wechatpy.work import WeChatClient

from bot.channels.wecom.downloads import LARGEST, Downloaded, downloaded
from bot.channels.wecom.prompt import acknowledge_at_once
from bot.channels.wecom.tokens import Tokens
from bot.clock import Clock
from bot.observe import event
from domain.errors import ChannelDown, DeliveryUnknown, PeibanError
from domain.ports import Store

BUSY, BAD_TOKEN, EXPIRED_TOKEN, OVER_QUOTA, TOO_MANY_AT_ONCE = -1, 40014, 42001, 45009, 45033
_BUSY_WAITS_S = (0.1, 0.3, 0.9)
_BLOCKED_S = 60.0  # the minute rule: who asked too often is not heard for a minute (document/path/90312)
_CROWDED_S = 2.0
_SEEN_AT = re.compile(r"from ip: ?([0-9A-Fa-f.:]{3,45})")
_LASTS = timedelta(hours=2)


class WeComRefused(PeibanError):
    """WeCom understood and said no. `code` is its errcode; its words change and are not kept, but for the address that it saw us at."""

    def __init__(self, path: str, code: int, *, from_ip: str = "") -> None:
        super().__init__(f"{path}: errcode {code}")
        self.code = code
        self.from_ip = from_ip


class WeComClient:
    """Calls under one secret of one corp. Any number of threads may call at once."""

    def __init__(
        self, store: Store, *, api_base: str, corp_id: str, secret: str, clock: Clock, timeout_s: float = 10.0, connections: int = 32
    ) -> None:
        """`api_base` ends in /cgi-bin. `timeout_s` bounds each step of a call."""
        self._wire = _Wire(api_base, corp_id, secret, timeout_s, connections)
        self._tokens = Tokens(store, corp_id=corp_id, secret=secret, fetch=self._fetch_token, clock=clock)

    def call(self, path: str, body: dict[str, Any] | None = None, *, query: dict[str, Any] | None = None) -> dict[str, Any]:
        """POST a body, or GET without one, and return the answer; an answer without errcode counts as 0.

        A busy server is asked three times more, a refused token is refreshed once. Raises WeComRefused for every other errcode,
        ChannelDown when WeCom asks to be left alone or was not reached, DeliveryUnknown when nobody knows whether it heard us.
        """
        return self._repeated(path, lambda token: self._wire.ask(path, body, {**(query or {}), "access_token": token}))

    def upload(self, kind: str, name: str, content: bytes) -> str:
        """Upload a file for messages and return its media id, good for three days. Raises as `call`, and WeComRefused for no id."""
        path = "media/upload"
        files = {"media": (name, content)}
        answer = self._repeated(path, lambda token: self._wire.ask(path, None, {"type": kind, "access_token": token}, files=files))
        media_id = answer.get("media_id")
        if not isinstance(media_id, str) or not media_id:
            raise WeComRefused(path, 0)
        return media_id

    def download(self, media_id: str, *, most: int = LARGEST) -> Downloaded:
        """Fetch what somebody sent (document/path/90254). Raises as `call`, but ChannelDown for every break: asking again harms nobody.

        WeComRefused with the code TOO_LARGE for more than `most` bytes.
        """
        path = "media/get"
        try:
            query = {"media_id": media_id}
            answer = self._repeated(path, lambda token: self._wire.download(path, {**query, "access_token": token}, most=most))
        except DeliveryUnknown as fault:
            raise ChannelDown(str(fault)) from None
        file = answer.get("file")
        if not isinstance(file, Downloaded):
            raise ChannelDown(f"{path}: the answer is no file")
        return file

    def _repeated(self, path: str, ask: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        waits = iter(_BUSY_WAITS_S)
        refused = ""
        while True:
            token = self._tokens.current(refused=refused)
            answer = ask(token)
            code = _code(answer)
            if code == 0:
                return answer
            if code in (BAD_TOKEN, EXPIRED_TOKEN) and not refused:
                refused = token
                continue
            if code == BUSY and (wait := next(waits, None)) is not None:
                time.sleep(wait)
                continue
            event("wecom.refused", path=path, code=code)
            if code in (BUSY, TOO_MANY_AT_ONCE):
                raise ChannelDown(f"{path}: errcode {code}", retry_after_s=_CROWDED_S)
            if code == OVER_QUOTA:
                raise ChannelDown(f"{path}: errcode {code}", retry_after_s=_BLOCKED_S)
            raise WeComRefused(path, code, from_ip=answer.get("from_ip", ""))

    def prove_secret(self) -> None:
        """Ask for a token now, whatever is kept. Raises WeComRefused where corp id or secret are wrong, ChannelDown as `call`."""
        self._fetch_token()

    def server_time(self) -> datetime | None:
        """The time on WeCom's side, to the second; None where it does not say. Raises ChannelDown when it was not reached."""
        return self._wire.server_time()

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()

    def _fetch_token(self) -> tuple[str, timedelta]:
        waits = iter(_BUSY_WAITS_S)
        while True:
            answer = self._wire.ask_for_token()
            code = _code(answer)
            token = answer.get("access_token")
            if code == 0 and isinstance(token, str) and token:
                lasts = answer.get("expires_in")
                return token, timedelta(seconds=lasts) if isinstance(lasts, int) and lasts > 0 else _LASTS
            if code == BUSY and (wait := next(waits, None)) is not None:
                time.sleep(wait)
                continue
            event("wecom.no_token", code=code)
            if code in (BUSY, OVER_QUOTA, TOO_MANY_AT_ONCE):
                raise ChannelDown(f"gettoken: errcode {code}", retry_after_s=_BLOCKED_S)
            raise WeComRefused("gettoken", code, from_ip=answer.get("from_ip", ""))


class _Wire(WeChatClient):  # type: ignore[misc]  # the library has no types
    """The library's client, turned to our address; refreshing and trying again are not left to it."""

    def __init__(self, api_base: str, corp_id: str, secret: str, timeout_s: float, connections: int) -> None:
        super().__init__(corp_id, secret, timeout=timeout_s, auto_retry=False)
        self._http = _Straight()
        self.API_BASE_URL = api_base.rstrip("/") + "/"
        # Proxies and certificates of the environment, looked up once: for every call it would be a tenth of our time for a message.
        surroundings = self._http.merge_environment_settings(self.API_BASE_URL, {}, None, None, None)
        self._http.proxies, self._http.verify, self._http.trust_env = surroundings["proxies"], surroundings["verify"], False
        self._http.mount("http://", _Bounded(timeout_s, connections))
        self._http.mount("https://", _Bounded(timeout_s, connections))

    def ask(
        self, path: str, body: dict[str, Any] | None, query: dict[str, Any], *, files: dict[str, tuple[str, bytes]] | None = None
    ) -> dict[str, Any]:
        try:
            if files is not None:
                answer = self.post(path, files=files, params=query)
            else:
                answer = self.get(path, params=query) if body is None else self.post(path, data=body, params=query)
        except WeChatClientException as said:
            return _said(path, said)
        except requests.ConnectTimeout as fault:
            raise ChannelDown(f"{path}: {type(fault).__name__}") from None
        except requests.RequestException as fault:
            raise DeliveryUnknown(f"{path}: {type(fault).__name__}") from None  # its words carry the token
        if not isinstance(answer, dict):
            raise DeliveryUnknown(f"{path}: the answer is not JSON")
        return answer

    def download(self, path: str, query: dict[str, Any], *, most: int) -> dict[str, Any]:
        try:
            with self._http.get(f"{self.API_BASE_URL}{path}", params=query, stream=True) as response:
                return downloaded(response, path, most=most)
        except requests.RequestException as fault:
            raise ChannelDown(f"{path}: {type(fault).__name__}") from None  # its words carry the token

    def ask_for_token(self) -> dict[str, Any]:
        try:
            return self.ask("gettoken", None, {"corpid": self.corp_id, "corpsecret": self.secret, "access_token": ""})
        except DeliveryUnknown as fault:
            raise ChannelDown(str(fault)) from None  # asking again for a token harms nobody

    def server_time(self) -> datetime | None:
        try:
            date = self._http.head(f"{self.API_BASE_URL}gettoken").headers.get("Date", "")
        except requests.RequestException as fault:
            raise ChannelDown(f"gettoken: {type(fault).__name__}") from None
        try:
            return parsedate_to_datetime(date).astimezone(UTC)
        except ValueError:
            return None

    def close(self) -> None:
        self._http.close()


class _Straight(requests.Session):
    """Calls of an API: no cookies, no hooks, and no redirects, which would carry the token elsewhere. A fifth of a call's work is saved."""

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
        request = requests.PreparedRequest()
        given = {name: options.get(name) for name in ("params", "data", "files")}
        request.prepare(method=method.upper(), url=url, headers=self.headers, **given)
        stream = bool(options.get("stream"))
        response = self.get_adapter(url).send(
            request, timeout=options.get("timeout"), stream=stream, verify=self.verify, cert=self.cert, proxies=self.proxies
        )
        if not stream:
            _ = response.content  # read now, so that the connection is free for the next call
        return response


class _Bounded(HTTPAdapter):
    """A time-out for every call, also for those where the library gives none."""

    def __init__(self, timeout_s: float, connections: int) -> None:
        self._timeout_s = timeout_s
        super().__init__(pool_maxsize=connections)
        acknowledge_at_once(self)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        if options.get("timeout") is None:
            options["timeout"] = self._timeout_s
        return super().send(request, **options)


def _said(path: str, said: WeChatClientException) -> dict[str, Any]:
    """An errcode is an answer like any other; a status of HTTP is not."""
    if said.errcode is None:
        status = getattr(said.response, "status_code", 0)
        raise DeliveryUnknown(f"{path}: HTTP {status}")
    seen = _SEEN_AT.search(str(said.errmsg))  # the library puts the errcode where WeCom said nothing
    return {"errcode": int(said.errcode)} | ({"from_ip": seen[1]} if seen else {})


def _code(answer: dict[str, Any]) -> int:
    code = answer.get("errcode", 0)
    return code if isinstance(code, int) else 0
