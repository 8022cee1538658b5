"""The world as a file of this machine. It is a pickle: never read one that somebody else wrote."""

import pickle
from pathlib import Path

from sandbox.wecom.world import World


def save(world: World, path: Path) -> None:
    """Write it."""
    path.write_bytes(pickle.dumps(world))


def load(path: Path) -> World:
    """Read it. Raises TypeError for something else."""
    world = pickle.loads(path.read_bytes())  # noqa: S301  see above
    if not isinstance(world, World):
        raise TypeError(f"{path} holds no WeCom")
    return world
