"""链接只通向名单内的地址。

What: blocks a link that is not https, leads to a host that the bank has not listed (PEIBAN_LINK_HOSTS), hides its host, or carries a
person's data. An address written in a text that the assistant says to a customer is judged alike; what a colleague writes is theirs.

Anti-pattern: 点这个短链领取权益 http://t.example/x3F。

Best practice: 打开App搜“网点查询”；下面的按钮是本行官网的同一页。
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from compliance.masking import PiiKind, find_pii
from compliance.rule import Context, Rule, Severity
from compliance.text import Text
from compliance.wording import meets_customers
from domain.addresses import host_of
from domain.message import Draft, Finding, Link

_TOP = "com|cn|net|org|top|xyz|vip|cc|info|biz|io|me|co|hk|link|site|shop|club|online|store|fun|icu|work|ltd|wang|tk"
#: Mail addresses are another rule's. Everything is bounded, so that a long text costs no more than its length.
_WRITTEN = re.compile(
    r"(?P<mail>[a-z0-9._%+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})"
    r"|(?P<scheme>[a-z][a-z0-9+.-]{0,30})://(?P<there>[^/?#\s。，、；！)）\"'》]*)"
    rf"|(?P<bare>(?:[a-z0-9-]{{1,63}}\.){{1,8}}(?:{_TOP}))(?![a-z0-9_-])"
)


def check(draft: Draft, context: Context, text: Text) -> Sequence[Finding]:
    """Block links and written addresses that lead anywhere else."""
    return (*_behind_links(draft.links, context), *_written(draft, context, text))


def _behind_links(links: Sequence[Link], context: Context) -> Iterator[Finding]:
    for link in links:
        host = host_of(link.url)
        if host is None:
            yield _finding("链接不是可以核对的https地址，不能发", quote=link.label)
        elif host not in context.hosts:
            yield _finding("链接通向名单以外的地址，不能发；要用的话请先把域名登记进名单", quote=host)
        elif any(span.kind is not PiiKind.NAME for span in find_pii(link.url)):
            yield _finding("链接里带有个人信息，不能发（个人信息保护法第五十一条）", quote=link.label)


def _written(draft: Draft, context: Context, text: Text) -> Iterator[Finding]:
    if context.human_author or not meets_customers(draft):
        return
    for found in _WRITTEN.finditer(text.folded.text):
        if found["mail"]:
            continue
        there, scheme = found["bare"] or found["there"], found["scheme"] or "https"
        if scheme != "https" or there not in context.hosts:
            yield _finding("文字里有名单以外的网址，不能发给客户", quote=text.quote(text.folded, *found.span()))


def _finding(reason: str, *, quote: str) -> Finding:
    return Finding(rule=RULE.id, outcome="block", reason=reason, quote=quote)


RULE = Rule(
    id="outward_links",
    title="外链名单",
    reference="银行保险机构消费者权益保护管理办法（2022年第9号）；本行外链名单（PEIBAN_LINK_HOSTS）",
    effective_from=date(2023, 3, 1),
    severity=Severity.BLOCK,
    doc=__doc__,
    judges_text=True,
    check=check,
)
