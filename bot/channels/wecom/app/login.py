"""Login to the workbench by WeCom: WeCom says which member looks at the page (OAuth2, document/path/91023), the book says who that is.

/wecom/login sends the browser to WeCom with a state; /wecom/login/back takes the code that WeCom gives. A state is signed, good for five
minutes, once, and in the browser that began: a code that somebody else got leads nobody in. What begins then is the same session that a
signed link begins.
"""

import hashlib
import hmac
import secrets
import threading
from datetime import datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from bot.channels.wecom.app.channel import AppChannel
from bot.channels.wecom.client import WeComRefused
from bot.clock import Clock
from bot.observe import event
from bot.web import plain
from bot.web.entering import begin_session
from bot.web.identity import SIDEBAR, WORKBENCH, sign_session
from config.settings import Settings
from domain.errors import BadSignature, ChannelDown, DeliveryUnknown
from domain.party import Party

PATH = "/wecom/login"
BACK = f"{PATH}/back"
_COOKIE = "peiban_wecom_login"
_TO = "peiban_wecom_to"
_ELSEWHERE = {"sidebar": SIDEBAR}  # where a login may lead besides the workbench
_WHO = "auth/getuserinfo"
_LASTS = timedelta(minutes=5)  # as long as WeCom's code
_CODE = 512  # bytes
_NONCE, _UNTIL = 32, 10  # characters of a state; its signature follows


class States:
    """The states of logins under way: letters and digits only, 106 of them; WeCom takes 128."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"peiban.wecom.state" + secret.encode()).digest()
        self._lock = threading.Lock()
        self._used: dict[str, int] = {}

    def begin(self, at: datetime) -> str:
        """A new state."""
        body = f"{secrets.token_hex(_NONCE // 2)}{int((at + _LASTS).timestamp()):0{_UNTIL}d}"
        return body + self._signature(body)

    def use(self, state: str, at: datetime) -> None:
        """Raises BadSignature for a state that is not ours, has ended or was used."""
        body, signature = state[: _NONCE + _UNTIL], state[_NONCE + _UNTIL :]
        if not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            raise BadSignature("the state is not ours")
        until, now = int(body[_NONCE:]), int(at.timestamp())
        with self._lock:
            self._used = {one: end for one, end in self._used.items() if end > now}
            if until <= now or body in self._used:
                raise BadSignature("the state has ended")
            self._used[body] = until

    def _signature(self, body: str) -> str:
        return hmac.new(self._key, body.encode(), hashlib.sha256).hexdigest()


class Login:
    """Who a code of WeCom's stands for, and where a browser is sent for one."""

    def __init__(self, settings: Settings, channel: AppChannel, clock: Clock) -> None:
        self._corp_id = settings.wecom_corp_id
        self._base = settings.wecom_oauth_base.rstrip("/")
        self._public = settings.wecom_public_url.rstrip("/")
        self._secret = settings.secret_key.get_secret_value()
        self._channel = channel
        self._clock = clock
        self._states = States(self._secret or secrets.token_hex())

    def begin(self, ours: str) -> tuple[str, str]:
        """A state, and the address at WeCom that the browser goes to with it. `ours` is the address at which the browser reached us."""
        state = self._states.begin(self._clock())
        query = {
            "appid": self._corp_id,
            "redirect_uri": f"{self._public or ours.rstrip('/')}{BACK}",
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
            "agentid": self._channel.agent_id,
        }
        return state, f"{self._base}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"

    def end(self, *, code: str, state: str, begun: str) -> Party | None:
        """The member of staff behind a code, None for outsiders and strangers. `begun` is the state that this browser began with.

        Raises BadSignature for a login that has to begin again; ChannelDown and DeliveryUnknown when WeCom does not answer.
        """
        if not state or not hmac.compare_digest(state.encode(), begun.encode()) or not 0 < len(code.encode()) <= _CODE:
            raise BadSignature("not a login of this browser")
        self._states.use(state, self._clock())
        try:
            answer = self._channel.client.call(_WHO, query={"code": code})
        except WeComRefused as refused:
            raise BadSignature(str(refused)) from None
        userid = answer.get("userid") or answer.get("UserId")
        return self._channel.members.party_of(userid) if isinstance(userid, str) else None

    def session(self, party: Party) -> str:
        """The value of the cookie. Raises BadSignature without a secret key."""
        return sign_session(party, self._secret, self._clock())


def login_routes(login: Login) -> APIRouter:
    """The two addresses."""
    router = APIRouter()

    async def begin(request: Request, to: str = "") -> Response:
        state, address = login.begin(str(request.base_url))
        answer = RedirectResponse(address, status_code=303)
        secure = request.url.scheme == "https"
        if to in _ELSEWHERE:
            lasts = int(_LASTS.total_seconds())
            answer.set_cookie(_TO, to, path=PATH, max_age=lasts, httponly=True, secure=secure, samesite="lax")
        else:
            answer.delete_cookie(_TO, path=PATH)
        answer.set_cookie(_COOKIE, state, path=PATH, max_age=int(_LASTS.total_seconds()), httponly=True, secure=secure, samesite="lax")
        return answer

    async def back(request: Request, code: str = "", state: str = "") -> Response:
        try:
            party = await run_in_threadpool(login.end, code=code, state=state, begun=request.cookies.get(_COOKIE, ""))
            if party is None:
                event("wecom.login.refused", reason="stranger")
                return _page(403, "这个页面不对您开放", "工作台只给登记过的本行员工用。要用的话，请联系管理员。")
            door = _ELSEWHERE.get(request.cookies.get(_TO, ""), WORKBENCH)
            answer = begin_session(door, login.session(party), secure=request.url.scheme == "https")
        except BadSignature:
            event("wecom.login.refused", reason="state")
            return _page(401, "登录没有成功", "这次登录已经过期，或者不是从这里开始的。请回到企业微信，重新打开工作台。")
        except (ChannelDown, DeliveryUnknown):
            event("wecom.login.refused", reason="unreachable")
            return _page(503, "暂时登录不了", "企业微信现在没有回应。请过一会儿再打开工作台。")
        answer.delete_cookie(_COOKIE, path=PATH)
        answer.delete_cookie(_TO, path=PATH)
        return answer

    router.add_api_route(PATH, begin, methods=["GET"], include_in_schema=False)
    router.add_api_route(BACK, back, methods=["GET"], include_in_schema=False)
    return router


def _page(status: int, title: str, line: str) -> Response:
    return HTMLResponse(plain.message(title, line), status_code=status)
