"""Logging in from a page in WeCom or WeChat (D/91023, D/98177): a code, once, within five minutes."""

import re
from html import escape
from urllib.parse import urlencode, urlsplit

from sandbox.wecom import given as g
from sandbox.wecom.app.state import LoginCode
from sandbox.wecom.endpoint import Call, Json, Table, get
from sandbox.wecom.errors import Refused
from sandbox.wecom.http import Answer, Request
from sandbox.wecom.world import World

_CODE_S = 300
AUTHORIZE = "/connect/oauth2/authorize"


def authorize(world: World, request: Request) -> Answer:
    """The page of open.weixin.qq.com. It asks who holds the phone; `sandbox_who=member:zhou` answers beforehand."""
    asked = request.query
    wrong = _wrong(world, asked)
    if wrong:
        return Answer(200, f"<h1>链接无法访问</h1><p>{escape(wrong)}</p>".encode(), "text/html; charset=UTF-8")
    who = asked.get("sandbox_who", "")
    if not who:
        return Answer(200, _choice(world, asked).encode(), "text/html; charset=UTF-8")
    code = LoginCode(world.new_id("login"), who, world.clock.now() + _CODE_S, asked["scope"] == "snsapi_privateinfo")
    world.app.login_codes[code.text] = code
    back = asked["redirect_uri"]
    given = {"code": code.text, "state": asked.get("state", "")}
    target = f"{back}{'&' if '?' in back else '?'}{urlencode(given)}"
    return Answer(302, b"", "text/html", (("Location", target),))


def _wrong(world: World, asked: dict[str, str]) -> str:
    if asked.get("appid") != world.options.corp_id:
        return "appid 参数错误"
    if asked.get("response_type") != "code":
        return "response_type 参数错误"
    if asked.get("scope") not in ("snsapi_base", "snsapi_privateinfo"):
        return "scope 参数错误"
    if not re.fullmatch(r"[a-zA-Z0-9]{0,128}", asked.get("state", "")):
        return "state 参数错误"
    if asked["scope"] == "snsapi_privateinfo" and asked.get("agentid") != str(world.options.agent_id):
        return "agentid 参数错误"
    address = urlsplit(asked.get("redirect_uri", ""))
    trusted = world.settings.trusted_domain
    if address.scheme not in ("http", "https") or (trusted and address.hostname != trusted):
        return "redirect_uri 域名与应用的可信域名不一致（50001）"
    return ""


def _choice(world: World, asked: dict[str, str]) -> str:
    people = [(f"member:{member.userid}", f"{member.name}（员工）") for member in world.directory.members.values() if not member.left_at]
    people += [(f"customer:{customer.external_userid}", f"{customer.name}（客户）") for customer in world.directory.customers.values()]
    rows = "".join(
        f'<p><a href="{AUTHORIZE}?{escape(urlencode({**asked, "sandbox_who": who}))}">{escape(name)}</a></p>' for who, name in people
    )
    return f'<!doctype html><meta name="viewport" content="width=device-width"><title>以谁的身份打开</title><h1>以谁的身份打开？</h1>{rows}'


def _use(world: World, call: Call) -> LoginCode:
    code = world.app.login_codes.get(g.text(call.query, "code", most=512, code=40029, too_long=40029))
    if code is None or code.used:
        raise Refused(40029)
    if world.clock.now() > code.until:
        raise Refused(42003)
    code.used = True
    return code


def _user_info(world: World, call: Call) -> Json:
    code = _use(world, call)
    kind, _, name = code.who.partition(":")
    if kind == "member":
        member = world.member(name)
        if not member.visible:
            raise Refused(50002)
        return {"userid": member.userid} | ({"user_ticket": world.new_id("ticket")} if code.private else {})
    customer = world.customer(name)
    known = any(relation.external_userid == name and not relation.gone for relation in world.contacts.relations.values())
    return {"openid": customer.openid} | ({"external_userid": name} if known else {})


def _old_user_info(world: World, call: Call) -> Json:
    """The older path, whose names begin with a capital."""
    names = {"userid": "UserId", "openid": "OpenId"}
    return {names.get(name, name): value for name, value in _user_info(world, call).items()}


ENDPOINTS: Table = {"auth/getuserinfo": get("app", _user_info), "user/getuserinfo": get("app", _old_user_info)}
