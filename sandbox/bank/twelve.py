"""Who the twelve stories of docs/personas.md are about, in its order, with a line each for whoever wants to meet them.

A line says nothing that grows old with the days: the files of a bank are talked about for weeks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.bank.cast import COMPANIES, PERSONS

_FIRST_COMPANY = 900_000  # companies are numbered behind it
_LINES = (
    (2, "新婚的护士，婚礼办完了，现在想的是保障；接受关怀，不收营销"),
    (14, "王芳的丈夫，设计师，在想新房装修；关怀和营销都收"),
    (5, "退休教师，不用手机银行；定期到期后有打算，更关心健康"),
    (900_001, "有进出口资质的外贸企业，订单多了，每周都在看美元汇率"),
    (900_003, "真实在做出口，却没有进出口经营权：先办资质，再谈结算"),
    (900_002, "核心制造企业，上有供应商、下有经销商，都等着融资"),
    (15, "三百万元上下却很安静，大额存单快到期，心里想的是传承"),
    (6, "孩子还小的中学教师，母婴卡办了，现在在看教育金"),
    (1, "华贸的老板，公私两本账：自己想稳健，生意上要经营贷"),
    (900_004, "手里有专利的科创企业，来了大订单，想用知识产权质押"),
    (16, "刷脸总失败、手机银行总闪退，不投诉，正悄悄离开"),
    (17, "孩子准备出国：看出国金融，也在留意换汇"),
    (4, "换了工作的代发新客，还没做风险测评，在看基金定投"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Somebody with a story: a person or a company of every bank that is large enough."""

    customer_id: str
    name: str
    line: str


def the_twelve() -> Iterator[Persona]:
    """Everybody of the twelve stories; two of them share one."""
    for number, line in _LINES:
        known = PERSONS[number] if number in PERSONS else COMPANIES[number - _FIRST_COMPANY]
        yield Persona(customer_id=f"C{number:06d}", name=known.name, line=line)
