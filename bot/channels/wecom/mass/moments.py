"""Moments (朋友圈) as drafts: a text that members publish to all their contacts, once they confirm it in WeCom's client.

WeCom makes the task in the background and lets a corp make ten a minute (developer.work.weixin.qq.com/document/path/95094, 93333). A moment
has no single reader: rules about one person's consent, hours, frequency and complaints do not apply, all others do, and a product whose
rating needs the reader's assessment is refused, as nobody's assessment is known.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.channels.wecom.client import WeComClient, WeComRefused
from compliance.catalogue import Catalogue
from compliance.gate import review
from compliance.rule import Context, Rule
from domain.errors import BadInput
from domain.message import Approved, Draft, Purpose, Verdict
from domain.party import Party, Role

LONGEST = 2_000  # characters
_OF_ONE_READER = frozenset({"contact_consent", "contact_hours", "contact_frequency", "open_complaint"})
_EVERYBODY = Party(Role.CUSTOMER, "everybody")
_DONE, _PAGE, _MOST_PAGES = 3, 1_000, 100


def judge(text: str, *, by: Party, rules: Sequence[Rule], catalogue: Catalogue, numbers: frozenset[str], at: datetime) -> Verdict:
    """Let the gate judge it as marketing for everybody. Raises BadInput for a text that is empty or longer than WeCom takes."""
    if not 0 < len(text.strip()) <= LONGEST:
        raise BadInput(f"朋友圈要有 1 到 {LONGEST} 个字")
    draft = Draft(text=text, to=_EVERYBODY, purpose=Purpose.MARKETING, author=by)
    context = Context(at=at, channel="wecom_moment", catalogue=catalogue, public_numbers=numbers, human_author=True)
    return review(draft, context, [rule for rule in rules if rule.id not in _OF_ONE_READER])


class Moments:
    """The wire. All raise as `WeComClient.call`."""

    def __init__(self, client: WeComClient, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._pause = pause

    def ask(self, approved: Approved, userids: Sequence[str]) -> str:
        """Ask these members, or without any everybody who has contacts, to publish it. Returns the job. A second call asks twice."""
        body: dict[str, object] = {"text": {"content": approved.text}}
        if userids:
            body["visible_range"] = {"sender_list": {"user_list": list(userids)}}
        job = self._client.call("externalcontact/add_moment_task", body).get("jobid")
        if not isinstance(job, str) or not job:
            raise WeComRefused("externalcontact/add_moment_task", 0)
        return job

    def made(self, job: str, *, tries: int = 5) -> str:
        """The id of the moment, empty while WeCom works on it. A job can be asked for 24 hours."""
        for number in range(tries):
            answer = self._client.call("externalcontact/get_moment_task_result", query={"jobid": job})
            result = answer.get("result")
            if answer.get("status") == _DONE and isinstance(result, Mapping):
                if result.get("errcode"):
                    raise WeComRefused("externalcontact/get_moment_task_result", int(result["errcode"]))
                return str(result.get("moment_id") or "")
            if number < tries - 1:
                self._pause(1.0)
        return ""

    def published(self, moment_id: str) -> dict[str, bool]:
        """Who was asked, by userid, and whether they have published it."""
        found: dict[str, bool] = {}
        cursor = ""
        for _ in range(_MOST_PAGES):
            body = {"moment_id": moment_id, "limit": _PAGE} | ({"cursor": cursor} if cursor else {})
            answer = self._client.call("externalcontact/get_moment_task", body)
            rows = answer.get("task_list")
            for one in rows if isinstance(rows, list) else []:
                if isinstance(one, Mapping) and one.get("userid"):
                    found[str(one["userid"])] = one.get("publish_status") == 1
            following = str(answer.get("next_cursor") or "")
            if not following or following == cursor:
                break
            cursor = following
        return found
