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

# two characters each, simplified and traditional
_COMPOUND = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶"
    "太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良"
    "漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘左丘东门西门南荣"
    "第五淳于单于达奚歐陽東方獨孤聞人諸葛尉遲赫連濮陽公孫鍾離長孫鮮于司馬閭丘軒轅樂正"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND[place : place + 2] for place in range(0, len(_COMPOUND), 2))


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
