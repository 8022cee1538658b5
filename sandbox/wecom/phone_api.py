"""`/_sandbox/phones/…`: people's actions, and what their phones show."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.wecom.acting import customer, friendship, member, servicer
from sandbox.wecom.dispatch import json_answer
from sandbox.wecom.errors import Impossible
from sandbox.wecom.http import Answer
from sandbox.wecom.media import file_answer
from sandbox.wecom.world import World

Json = dict[str, Any]
Action = Callable[[World, Json], Any]
_ROLES: Mapping[str, Mapping[str, Action]] = {
    "customer": {**customer.ACTIONS, **friendship.CUSTOMER_ACTIONS},
    "member": {**member.ACTIONS, **friendship.MEMBER_ACTIONS},
    "servicer": servicer.ACTIONS,
}
_LOOK_S = 0.02


class PhoneApi:
    """`seen`, `media`, and `<role>/<action>`."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def answer(self, path: str, given: Json) -> Answer:
        """One action or look."""
        if path == "seen":
            return json_answer(await self._seen(given))
        if path == "media":
            return file_answer(self._world.media.find(str(given.get("media_id", "")), self._world.clock.now()))
        role, _, name = path.partition("/")
        action = _ROLES.get(role, {}).get(name)
        if action is None:
            raise Impossible("no such action", 404)
        return json_answer(action(self._world, given))

    async def _seen(self, given: Json) -> list[Json]:
        """What `owner` (or everybody) saw after entry `after`; waits up to `wait_s` for the first."""
        owner, after = str(given.get("owner", "")), int(given.get("after", 0))
        looks = int(float(given.get("wait_s", 0)) / _LOOK_S)
        for _ in range(looks):
            if self._world.phones.seen(owner, after):
                break
            await asyncio.sleep(_LOOK_S)
        return self._world.phones.seen(owner, after)
