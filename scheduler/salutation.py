"""How the bot addresses somebody: a surname only where it is sure of one, and never a guess at the gender."""

from collections.abc import Mapping

from domain.book import Customer, StaffMember

TITLES: Mapping[str, str] = {
    **dict.fromkeys(("男", "男性", "male", "m"), "先生"),
    **dict.fromkeys(("女", "女性", "female", "f"), "女士"),
}
COMPANY = "贵司同事"
UNKNOWN = "您"
NO_RM = "我们"
HAN_RANGES = ((0x3400, 0x9FFF), (0x20000, 0x323AF))

COMPOUND_SURNAMES = frozenset(
    """欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容
    仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里
    呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 南荣 第五 淳于 单于 达奚 歐陽 東方 獨孤 万俟 聞人 諸葛 尉遲 赫連 濮陽 公孫
    鍾離 長孫 鮮于 司馬 閭丘 令狐 軒轅 樂正""".split()
)


def salutation(customer: Customer) -> str:
    """Address a customer: 张先生, 欧阳女士, 您 when the gender or the surname is not certain, 贵司同事 for a company.

    Each of them reads well before 好 and as the subject of a wish.
    """
    if customer.kind == "company":
        return COMPANY
    family = surname(customer.name)
    title = TITLES.get(customer.gender.strip().lower())
    return f"{family}{title}" if family and title else UNKNOWN


def rm_name(rm: StaffMember | None) -> str:
    """Name the relationship manager towards a customer: 陈经理, the full name where the surname is not certain, else 我们."""
    if rm is None:
        return NO_RM
    family = surname(rm.name)
    return f"{family}经理" if family else rm.name


def surname(name: str) -> str | None:
    """Find the surname of a Chinese name of two to four characters, or None: a name with a dot or in Latin letters has none we know."""
    name = name.strip()
    if not (2 <= len(name) <= 4 and (_han(name[0]) and all(_han(char) or char == "*" for char in name))):
        return None
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        return name[:2]
    return name[0] if len(name) < 4 or name[1] == "*" else None


def _han(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in HAN_RANGES)
