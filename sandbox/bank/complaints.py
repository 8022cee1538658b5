"""Complaints: a few for each thousand customers a month, and more from those who then leave over it. Answered in working hours."""

import numpy as np
import pyarrow as pa

from sandbox.bank.arrays import HOUR, at, each, in_hours, keys, of, pick
from sandbox.bank.columns import instants, words
from sandbox.bank.crowd import crowds, seen
from sandbox.bank.population import Companies, People
from sandbox.bank.world import World, draw
from sandbox.bank.writing import Folder

_MONTHLY = 0.0015  # of the customers
# topic, weight, words
_TOPICS = (
    ("转账失败扣费", 16, ("转账没成功，手续费倒扣了", "钱没到账，费用先扣了", "转了两次都失败，还收了我手续费")),
    ("排队等候", 18, ("就是等太久", "等了快一个小时，只开两个窗口", "老人站着等，没有座位")),
    ("手机银行登录", 20, ("刷脸总是不过，登不进去", "更新以后闪退，账单看不了", "人脸识别试了五次都失败")),
    ("信用卡年费", 12, ("说好免年费，结果还是收了", "刷够次数还扣年费")),
    ("理财收益", 10, ("收益和说的不一样", "亏了也没人跟我说一声")),
    ("营销打扰", 12, ("说了不要再打电话，还在打", "一天三条短信，太烦了")),
    ("服务态度", 9, ("问了两句就不耐烦", "柜台爱答不理")),
    ("贷款办理", 8, ("材料交了三遍，还说不齐", "审批一个月没有消息")),
    ("利率调整", 5, ("存款利率降了也不提前说", "房贷利率为什么比别人高")),
)
_TEXTS = tuple(text for _, _, texts in _TOPICS for text in texts)
_FIRST_TEXT = np.cumsum([0, *(len(texts) for _, _, texts in _TOPICS)])
_APP, _SERVICE = 2, 6
_CHANNELS = ("客服热线", "手机银行", "网点", "企业微信", "监管转办")
_OUTCOMES = ("upheld", "partly", "rejected", "withdrawn")


def complaints(people: People, companies: Companies, world: World, folder: Folder) -> None:
    """Write the complaints of everybody."""
    last = world.last_day
    for crowd in crowds(people, companies):
        dice = draw(world, crowd.chunk, "complaints")
        usual = each(dice.poisson(_MONTHLY * world.months, len(crowd)))
        day = world.first_day + dice.integers(0, last - world.first_day + 1, len(usual))
        leaves = crowd.leaves
        hurt = np.flatnonzero(leaves & (crowd.churn_cause == "complaint"))
        shut_out = np.flatnonzero(leaves & (crowd.churn_cause == "app_failure") & (dice.random(len(crowd)) < 0.35))
        angry = np.concatenate([hurt[each(1 + dice.poisson(0.8, len(hurt)))], shut_out])
        before = crowd.churn_since[angry] + dice.integers(-35, 8, len(angry))
        owner = np.concatenate([usual, angry])
        topic = pick(dice, [weight for _, weight, _ in _TOPICS], len(owner))
        topic[len(owner) - len(shut_out) :] = _APP
        opened = at(np.concatenate([day, before]), dice.normal(14.5, 3.6, len(owner)).clip(7, 23) * HOUR)
        kept = np.flatnonzero(seen(crowd, world, owner, opened))
        kept = kept[np.argsort(opened[kept], kind="stable")]
        owner, topic, opened = owner[kept], topic[kept], opened[kept]
        count = len(owner)
        answered = in_hours(opened + np.exp(dice.normal(8.9, 0.9, count)).astype(np.int64))
        settled = in_hours(answered + np.exp(dice.normal(12.6, 0.8, count)).astype(np.int64))
        end = world.end
        forgotten = dice.random(count) < 0.03
        answered = np.where(forgotten | (answered >= end), -1, answered)
        settled = np.where((answered < 0) | (settled >= end) | (dice.random(count) < 0.05), -1, settled)
        which = (dice.random(count) * np.diff(_FIRST_TEXT)[topic]).astype(np.int64) + _FIRST_TEXT[topic]
        folder.add(
            "complaints",
            pa.table(
                {
                    "complaint_id": keys("CP", crowd.chunk, count),
                    "customer_id": of(crowd.ids, owner),
                    "opened_at": instants(opened),
                    "channel": words(pick(dice, (42, 28, 16, 12, 2), count), _CHANNELS),
                    "topic": words(topic, [name for name, _, _ in _TOPICS]),
                    "severity": words(pick(dice, (22, 63, 15), count), ("low", "normal", "high")),
                    "staff_id": words(crowd.rm[owner], world.rms),
                    "about_staff_id": words(np.where(topic == _SERVICE, crowd.rm[owner], -1), world.rms),
                    "text": words(np.where(dice.random(count) < 0.9, which, -1), _TEXTS),
                    "acknowledged_at": instants(answered),
                    "resolved_at": instants(settled),
                    "outcome": words(np.where(settled >= 0, pick(dice, (38, 24, 30, 8), count), -1), _OUTCOMES),
                }
            ),
        )
