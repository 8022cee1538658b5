"""A published base of invented cards, shared by the tests that only read it."""

from pathlib import Path

import pytest

from knowledge.catalogue import Catalogue
from retrieval.publish import publish
from retrieval.synthetic import catalogue
from tests.conftest import made_once

OFF_TOPIC = [
    f"{what}{asked}"
    for what in ("天气", "球赛", "电影", "菜谱", "星座", "作业", "小猫", "歌词", "地铁")
    for asked in ("怎么样", "给我讲讲", "哪个好", "为什么", "在哪里看")
]


@pytest.fixture(scope="session")
def cards() -> Catalogue:
    """Sixty invented cards: enough pairs for a table of vectors."""
    return catalogue(60)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of their published base. Tests that change it copy it first."""
    return base_of_sixty(tmp_path_factory)


def base_of_sixty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Published once for all workers."""

    def make(folder: Path) -> None:
        publish(catalogue(60), folder, off_topic=OFF_TOPIC)

    return made_once(tmp_path_factory, "base", make)
