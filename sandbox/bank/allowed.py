"""From when until when customers allow something, by what they said."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.bank.arrays import Numbers, day_of
from sandbox.bank.firms import FIRST_NUMBER
from sandbox.bank.permissions import consents
from sandbox.bank.population import Companies, People
from sandbox.bank.world import CHUNK, World

_FOR_EVER = 10**6


@dataclass(frozen=True, slots=True)
class Allowed:
    """The first whole day on which it is allowed and the first on which it no longer is; both far away for those who never said yes."""

    since: Numbers
    until: Numbers

    def on(self, owner: Numbers, day: Numbers) -> Numbers:
        """Whether each owner allows it on that day."""
        return np.asarray((self.since[owner] <= day) & (day < self.until[owner]))


def allowed(world: World, who: People | Companies, purpose: str) -> Allowed:
    """When everybody of a chunk allows the purpose: the feed of consents says the same."""
    first = int(who.number[0])
    chunk = (first - 1 - (FIRST_NUMBER if isinstance(who, Companies) else 0)) // CHUNK
    words = consents(world, chunk, who)
    words = words.filter(pc.equal(words["purpose"].cast(pa.string()), purpose))
    owner = pc.cast(pc.utf8_slice_codeunits(words["customer_id"], 1), pa.int64()).to_numpy() - first
    day = day_of(words["at"].cast(pa.int64()).to_numpy() // 1_000_000)
    granted = words["granted"].to_numpy()
    since, until = np.full(len(who.number), _FOR_EVER), np.full(len(who.number), _FOR_EVER)
    np.minimum.at(since, owner[granted], day[granted] + 1)
    np.minimum.at(until, owner[~granted], day[~granted])
    return Allowed(since, until)
