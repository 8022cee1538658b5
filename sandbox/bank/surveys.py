"""Questions to customers: one in eight or so answers, by how content they are, which those who leave are less and less."""

import numpy as np
import pyarrow as pa

from sandbox.bank.arrays import HOUR, at, day_of, each, in_hours, integers, keys, of, pick
from sandbox.bank.columns import instants, words
from sandbox.bank.crowd import crowds, seen
from sandbox.bank.outages import cut
from sandbox.bank.population import Companies, People
from sandbox.bank.world import World, draw
from sandbox.bank.writing import Folder

# topic, what pleased people say, what the others say
_TOPICS = (
    (
        "网点服务",
        ("客户经理很耐心", "办得快，环境也好", "大堂姑娘帮我妈填单子，谢谢"),
        ("就是等太久", "排队一小时，办事五分钟", "周末窗口太少"),
    ),
    ("手机银行", ("转账方便", "新版看账清楚多了"), ("刷脸老失败", "广告太多，找不到想用的", "闪退，卡得要命")),
    ("理财服务", ("讲得明白，风险也说了", "到期提前提醒我，挺好"), ("收益不如别家", "买完就没人管了")),
    ("贷款服务", ("审批快", "材料一次说清"), ("材料来回跑了三趟", "利率比说的高")),
    ("客户经理", ("有事能找到人", "节日还记得问候"), ("换了三个客户经理，每次重新说", "只有要卖东西才找我")),
)
_PLEASED = tuple(text for _, pleased, _ in _TOPICS for text in pleased)
_CROSS = tuple(text for _, _, cross in _TOPICS for text in cross)
_FIRST_PLEASED = np.cumsum([0, *(len(pleased) for _, pleased, _ in _TOPICS)])
_FIRST_CROSS = np.cumsum([0, *(len(cross) for _, _, cross in _TOPICS)])
_SOUR = ("complaint", "app_failure", "rate")


def surveys(people: People, companies: Companies, world: World, folder: Folder) -> None:
    """Write what was asked, answered or not."""
    first, last = world.first_day, world.last_day
    for crowd in crowds(people, companies):
        dice = draw(world, crowd.chunk, "surveys")
        content = dice.normal(0, 1, len(crowd))
        willing = dice.uniform(0.08, 0.15, len(crowd))
        nps = each(dice.poisson(world.months / 12, len(crowd)))
        csat = each(dice.poisson(world.months / 14, len(crowd)))
        owner = np.concatenate([nps, csat])
        five = np.arange(len(owner)) >= len(nps)
        asked = in_hours(at(first + dice.integers(0, last - first + 1, len(owner)), dice.normal(13, 3, len(owner)).clip(8, 20) * HOUR))
        kept = np.flatnonzero(seen(crowd, world, owner, asked) & ~cut(world, "surveys", asked))
        kept = kept[np.argsort(asked[kept], kind="stable")]
        owner, five, asked = owner[kept], five[kept], asked[kept]
        count = len(owner)
        sour = np.isin(crowd.churn_cause, _SOUR) & crowd.leaves
        unhappy = sour[owner] & (day_of(asked) >= crowd.churn_since[owner] - 45)
        mood = content[owner] + dice.normal(0, 0.6, count) - 2.2 * unhappy
        score = np.where(five, np.clip(np.rint(4.2 + 0.8 * mood), 1, 5), np.clip(np.rint(8.9 + 1.6 * mood), 0, 10)).astype(np.int64)
        when = asked + np.exp(dice.normal(9.4, 1.5, count)).astype(np.int64)
        end = world.end
        answers = (dice.random(count) < willing[owner]) & (when < end)
        topic = pick(dice, (34, 26, 16, 10, 14), count)
        says = answers & (dice.random(count) < 0.4)
        luck = dice.random(count)
        pleased = (luck * np.diff(_FIRST_PLEASED)[topic]).astype(np.int64) + _FIRST_PLEASED[topic]
        cross = (luck * np.diff(_FIRST_CROSS)[topic]).astype(np.int64) + _FIRST_CROSS[topic] + len(_PLEASED)
        happy = score >= np.where(five, 4, 8)
        folder.add(
            "surveys",
            pa.table(
                {
                    "survey_id": keys("Q", crowd.chunk, count),
                    "customer_id": of(crowd.ids, owner),
                    "kind": words(five.astype(np.int32), ("nps", "csat")),
                    "asked_at": instants(asked),
                    "answered_at": instants(np.where(answers, when, -1)),
                    "score": integers(np.where(answers, score, -1)),
                    "topic": words(topic, [name for name, _, _ in _TOPICS]),
                    "staff_id": words(np.where(np.isin(topic, (2, 4)), crowd.rm[owner], -1), world.rms),
                    "text": words(np.where(says, np.where(happy, pleased, cross), -1), (*_PLEASED, *_CROSS)),
                }
            ),
        )
