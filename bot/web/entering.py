"""How a visit begins, whoever said who the visitor is: a signed link, or a login of the bank's own."""

from fastapi import Response
from fastapi.responses import RedirectResponse

from bot.web.identity import Door


def begin_session(door: Door, value: str, *, secure: bool) -> Response:
    """Lead to the page and keep the session there. What let the visitor in leaves the address at once: history must not keep it."""
    answer = RedirectResponse(door.path, status_code=303)
    answer.set_cookie(door.cookie, value, path=door.path, httponly=True, secure=secure, samesite="lax")
    return answer
