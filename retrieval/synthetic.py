"""Any number of distinct invented cards, the same for the same seed: for measuring speed, never for measuring quality."""

from datetime import date
from itertools import product
from typing import Final

import numpy as np

from domain.party import Role
from knowledge.card import Card, CardKind
from knowledge.catalogue import Catalogue


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WHO: Final = _names("个人 老人 学生 新市民 退役军人 个体户 小微企业 外贸公司 科技公司 农户 医生 教师 司机 骑手 店主 会计")
_WHAT: Final = _names(
    "储蓄卡 信用卡 存单 存折 手机银行 网上银行 短信提醒 定期存款 大额存单 理财产品 基金账户 保险单 贵金属 外币账户 房贷 车贷 "
    "消费贷 经营贷 税务贷 保函 信用证 票据 代发工资 收款码 对公账户 养老金账户 社保卡 积分 保管箱 电子回单 U盾 数字证书"
)
_DO: Final = _names(
    "开通 关闭 挂失 补办 激活 升级 续期 冻结 解冻 查询 修改 打印 转让 提前支取 提前还清 撤销 申诉 授权 预约 绑定 解绑 换领 代办 核对"
)
_WHERE: Final = _names("网点 柜台 手机上 自助机 电话里 异地 境外 夜间 周末 上门")
_ASK: Final = (
    "{who}{do}{what}要带什么",
    "我是{who}，{where}能{do}{what}吗",
    "怎么在{where}{do}{what}",
    "{what}{do}多久能好",
    "{do}{what}失败了咋办",
)


def catalogue(count: int, *, seed: int = 7) -> Catalogue:
    """That many cards, each for another combination of who, what, do and where."""
    chosen = list(product(_WHO, _WHAT, _DO, _WHERE))
    if count > len(chosen):
        raise ValueError(f"at most {len(chosen)} distinct cards can be made")
    order = np.random.default_rng(seed).permutation(len(chosen))[:count]
    return Catalogue(_card(number, *chosen[row]) for number, row in enumerate(order))


def _card(number: int, who: str, what: str, do: str, where: str) -> Card:
    words = {"who": who, "what": what, "do": do, "where": where}
    return Card(
        id=f"service-synthetic-{number:06d}",
        kind=CardKind.SERVICE,
        title=f"{who}{where}{do}{what}"[:14],
        questions=tuple(pattern.format(**words) for pattern in _ASK),
        audience=frozenset({Role.CUSTOMER, Role.RM} if number % 5 else {Role.RM}),
        approval=f"APR-2026-{number:06d}",
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 12, 31),
        sources=("合成数据",),
        answer=f"{who}可以在{where}{do}{what}，先准备好有效身份证件，再按页面提示核对信息，办好后会收到通知。",
        details=f"1. {do}前请确认{what}在有效期内。\n2. {where}办理时间以公示为准。\n3. {who}请先问清所需材料。编号{number}。",
    )
