"""The page beside a chat in WeCom's client: whom the relationship manager talks with, as far as this manager may see it.

Who looks is known from a login by WeCom, which leads here with a session of this page alone. What is shown goes through the lookups bound
to the viewer: the basic layer, no assets. A person who is not bound and one whom the viewer may not see look the same. Addresses are signed
for WeCom's JS-SDK only where they are of this page (developer.work.weixin.qq.com/document/path/98539).
"""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from bot.channels.wecom.app.channel import AppChannel
from bot.channels.wecom.app.login import PATH as LOGIN
from bot.channels.wecom.app.sidebar_page import page
from bot.channels.wecom.app.tickets import Tickets
from bot.clock import Clock
from bot.lookups import LookupsFactory
from bot.observe import event
from bot.web.guard import HEADERS
from bot.web.identity import SIDEBAR, visitor
from config.settings import Settings
from crm.profile import Profile
from domain.audit import AuditRecord
from domain.errors import PeibanError
from domain.message import conversation_id
from domain.party import Party
from domain.ports import Store

SIGNATURE = f"{SIDEBAR.path}/signature"
_SEEN = (("fields", "identity,contact,products,risk,needs"), ("where", "sidebar"))
_LONGEST_ID, _LONGEST_URL = 100, 2_000


class Sidebar:
    """Who looks, what they may see, and the signature of the page."""

    def __init__(self, settings: Settings, store: Store, lookups: LookupsFactory, channel: AppChannel, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._lookups = lookups
        self._channel = channel
        self._clock = clock
        secret = settings.wecom_app_secret.get_secret_value()
        self._tickets = Tickets(store, channel.client, clock, corp_id=settings.wecom_corp_id, secret=secret)

    def viewer(self, request: Request) -> Party | None:
        """The member of staff at the page; None for everybody else, and for who left."""
        who = visitor(
            SIDEBAR,
            sandbox=self._settings.sandbox,
            secret=self._settings.secret_key.get_secret_value(),
            at=self._clock(),
            wanted=request.query_params.get("as", ""),
            cookies=request.cookies,
        )
        if who is None:
            return None
        with self._store.reading() as records:
            member = records.book.staff(who.party.id)
        return who.party if member is not None and member.active and member.role is who.party.role else None

    def profile(self, viewer: Party, external_userid: str) -> Profile | None:
        """The customer behind a WeChat person, where the viewer may see them. Looking is written into the audit."""
        if not 0 < len(external_userid) <= _LONGEST_ID:
            return None
        at = self._clock()
        with self._store.writing() as records:
            customer_id = records.contacts.customers_of([external_userid]).get(external_userid)
            if customer_id is None:
                return None
            own = conversation_id(self._channel.name, viewer)
            found = self._lookups.over(records, party=viewer, conversation_id=own, at=at).profile(customer_id)
            if found is not None:
                who = f"customer:{customer_id}"
                records.audit.append(
                    AuditRecord(at=at, actor=str(viewer), action="profile.viewed", subject=who, purpose="relationship", detail=_SEEN)
                )
        return found

    def page(self, profile: Profile | None, *, external_userid: str) -> Response:
        """The page. Another host may serve one script, and only where the settings name it."""
        sdk = self._settings.wecom_jssdk_url
        setup = {"corp": self._settings.wecom_corp_id, "agent": str(self._channel.agent_id)} if sdk else {}
        answer = HTMLResponse(page(profile, asked=bool(external_userid), sdk=sdk, setup=setup))
        if sdk:
            host = f"https://{urlsplit(sdk).netloc}"
            answer.headers["content-security-policy"] = HEADERS["content-security-policy"].replace(
                "script-src 'self' 'unsafe-inline' 'unsafe-eval'", f"script-src 'self' {host}"
            )
        answer.headers["cache-control"] = "no-store"
        return answer

    def sign(self, url: str) -> dict[str, object] | None:
        """Sign an address of this page; None for every other. Raises as `WeComClient.call`."""
        public = urlsplit(self._settings.wecom_public_url)
        wanted = urlsplit(url) if len(url) <= _LONGEST_URL else urlsplit("")
        same = (wanted.scheme, wanted.netloc) == (public.scheme, public.netloc) and bool(public.netloc)
        if not same or wanted.path != f"{public.path.rstrip('/')}{SIDEBAR.path}":
            return None
        return dict(self._tickets.sign(url))


def sidebar_routes(sidebar: Sidebar) -> APIRouter:
    """The page and its signature."""
    router = APIRouter()

    async def look(request: Request, external_userid: str = "") -> Response:
        viewer = await run_in_threadpool(sidebar.viewer, request)
        if viewer is None:
            return RedirectResponse(f"{LOGIN}?to=sidebar", status_code=303)
        profile = await run_in_threadpool(sidebar.profile, viewer, external_userid)
        return sidebar.page(profile, external_userid=external_userid)

    async def sign(request: Request, url: str = "") -> Response:
        if await run_in_threadpool(sidebar.viewer, request) is None:
            return JSONResponse({"error": "log in first"}, status_code=401)
        try:
            signed = await run_in_threadpool(sidebar.sign, url)
        except ValueError:
            signed = None  # what is no address at all
        except PeibanError as error:
            event("wecom.sidebar.not_signed", error=type(error).__name__)
            return JSONResponse({"error": "WeCom does not answer"}, status_code=503)
        if signed is None:
            return JSONResponse({"error": "only addresses of this page are signed"}, status_code=403)
        return JSONResponse(signed, headers={"cache-control": "no-store"})

    router.add_api_route(SIDEBAR.path, look, methods=["GET"], include_in_schema=False)
    router.add_api_route(SIGNATURE, sign, methods=["GET"], include_in_schema=False)
    return router
