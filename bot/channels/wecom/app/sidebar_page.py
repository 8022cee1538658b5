"""How the page beside a chat looks: a phone's width, no script of ours but one file, everything from the book escaped."""

from collections.abc import Mapping
from html import escape

from bot.web.plain import LOOK, STYLE, VIEWPORT
from bot.wording import sentence
from crm.profile import Profile
from handlers.profile_text import profile_text

_SCRIPT = f"/look/sidebar.js?v={int((LOOK / 'sidebar.js').stat().st_mtime)}"


def page(profile: Profile | None, *, asked: bool, sdk: str, setup: Mapping[str, str]) -> str:
    """The page. `asked` says whether somebody's WeChat was named; without WeCom's SDK nobody else names one."""
    scripts = f'<script src="{escape(sdk)}" defer></script><script src="{_SCRIPT}" defer></script>' if sdk else ""
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in setup.items())
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>客户 · 陪伴</title>'
        f'<meta name="viewport" content="{VIEWPORT}"><link rel="stylesheet" href="{STYLE}">{scripts}</head>'
        f'<body><main class="plain sidebar"{data}>{_body(profile, asked=asked)}</main></body></html>'
    )


def _body(profile: Profile | None, *, asked: bool) -> str:
    if profile is not None:
        head, *lines = profile_text(profile).splitlines()
        said = "".join(f"<li>{escape(line)}</li>" for line in lines)
        return f'<h1>{escape(head)}</h1><ul class="known">{said}</ul><p class="as-of">{escape(sentence("sidebar.assets"))}</p>'
    which = "sidebar.unbound" if asked else "sidebar.nobody"
    title, _, line = sentence(which).partition("\n")
    return f'<h1>{escape(title)}</h1><p id="said">{escape(line)}</p>'
