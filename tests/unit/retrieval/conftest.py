"""A published base of invented cards, shared by the tests that only read it."""

from pathlib import Path

import pytest

from knowledge.catalogue import Catalogue
from retrieval.publish import publish
from retrieval.synthetic import catalogue

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
def published(cards: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of their published base. Tests that change it copy it first."""
    folder = tmp_path_factory.mktemp("base")
    publish(cards, folder, off_topic=OFF_TOPIC)
    return folder
