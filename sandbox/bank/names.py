"""Lists to draw names from. Common characters, put together by chance; the places and firms do not exist."""

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sandbox.bank.population import Flags


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CITY = "云桥市"
BANK = "云桥银行"

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
_MALE = _words(
    "伟 强 磊 军 勇 杰 涛 超 明 刚 平 辉 鹏 浩 宇 建国 建华 志强 志明 文博 子轩 浩然 俊杰 天宇 一鸣 国栋 家豪 晓东 海涛 泽洋 景行 "
    "书航 柏川 远山 松年 砚秋 守拙 予安 望舒 临川"
)
_FEMALE = _words(
    "芳 娜 敏 静 丽 艳 娟 霞 玲 婷 雪 慧 莉 燕 洁 秀英 桂兰 玉梅 淑珍 雨桐 欣怡 梓涵 诗琪 思雨 佳怡 晓燕 美玲 海燕 若曦 清欢 "
    "知夏 语嫣 映雪 南乔 令仪 疏影 采薇 书意 念慈 如初"
)
# As some older documents write them.
_TRADITIONAL = {
    "张": "張", "刘": "劉", "陈": "陳", "杨": "楊", "赵": "趙", "黄": "黃", "吴": "吳", "孙": "孫", "马": "馬", "罗": "羅",
    "郑": "鄭", "谢": "謝", "韩": "韓", "冯": "馮", "许": "許", "苏": "蘇", "卢": "盧", "蒋": "蔣", "贾": "賈", "叶": "葉",
    "伟": "偉", "强": "強", "军": "軍", "涛": "濤", "刚": "剛", "辉": "輝", "鹏": "鵬", "国": "國", "华": "華", "东": "東",
    "静": "靜", "丽": "麗", "艳": "艷", "霞": "霞", "莉": "莉", "洁": "潔", "兰": "蘭", "诗": "詩", "语": "語", "远": "遠",
}  # fmt: skip
_FIRMS = _words("栖湖 望澜 青屿 云桥 澄川 砚山 听松 拾光 远岫 知衡 鹿鸣 岩桂 星渡 浮槎 临渡 汀兰 野渡 松雪 霁月 平芜")
_BUSINESS = {
    "外贸": ("进出口", "国际贸易", "外贸服务"),
    "制造": ("精密机械", "重工", "五金制品", "包装材料"),
    "科创": ("智能科技", "生物技术", "软件", "新材料"),
    "小微商贸": ("商贸", "食品", "建材", "日用百货"),
    "建筑": ("建设工程", "装饰工程"),
    "物流": ("物流", "供应链管理"),
    "餐饮": ("餐饮管理", "饮食文化"),
}


def person_names(chance: Generator, male: Flags) -> NDArray[Any]:
    """A surname and a given name for each."""
    count = len(male)
    surnames = np.array(list(_SURNAMES), dtype=object)[np.floor(chance.beta(0.8, 2.2, count) * len(_SURNAMES)).astype(np.int64)]
    men, women = (np.array(given, dtype=object)[chance.integers(0, len(given), count)] for given in (_MALE, _FEMALE))
    return np.asarray(surnames + np.where(male, men, women), dtype=object)


def traditional(name: str) -> str:
    """The name in traditional characters."""
    return "".join(_TRADITIONAL.get(char, char) for char in name)


def firm_names(numbers: NDArray[Any], industry: NDArray[Any]) -> NDArray[Any]:
    """Names of companies: no two of the first thousands have the same."""
    size = len(_FIRMS)
    made = []
    for number, kind in zip(numbers.tolist(), industry.tolist(), strict=True):
        place, series = number % size, number // size
        business = _BUSINESS[kind]
        second = _FIRMS[(place + series) % size] if series else ""
        made.append(f"{_FIRMS[place]}{second}{business[series % len(business)]}有限公司")
    return np.array(made, dtype=object)


# Who is at the other end of a payment and keeps no account here.
STRANGERS = tuple(surname + given for place, surname in enumerate(_SURNAMES) for given in (_MALE + _FEMALE)[place % 7 :: 7])
FIRMS = tuple(
    f"{name}{business}有限公司" for place, name in enumerate(_FIRMS) for kind in _BUSINESS.values() for business in kind[place % 2 :: 2]
)
