"""Chinese personal names: the surname, and a name that follows a cue (我叫王小明, 姓名：欧阳娜娜)."""

import re

_COMPOUND = (
    "欧阳", "司马", "上官", "诸葛", "司徒", "皇甫", "尉迟", "东方", "夏侯", "端木", "慕容", "令狐", "公孙", "宇文",
    "长孙", "轩辕",
)  # fmt: skip
_SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
SURNAME = f"{'|'.join(_COMPOUND)}|[{_SINGLE}]"  # a pattern of the usual ones
_AFTER_NAME = r"$|[^\u4e00-\u9fff]|的|是|电话|手机|身份|先生|女士|今年|想|要|住|在"
_CUED = re.compile(
    rf"""
    (?:我叫|名字[叫是]|本人(?:叫|姓名)?|(?:客户)?姓名(?:是|为)?:?|户名(?:是|为)?:?|联系人(?:是|为)?:)
    (?P<name>(?:{SURNAME})[\u4e00-\u9fff]{{1,2}}?)(?={_AFTER_NAME})
    """,
    re.VERBOSE,
)


def surname_of(name: str) -> str:
    """Give the surname: two characters for a compound one, otherwise the first."""
    return name[:2] if name.startswith(_COMPOUND) and len(name) > 2 else name[:1]


def find_cued_names(text: str) -> tuple[tuple[int, int], ...]:
    """Find names of folded text that stand behind a cue, as (start, end)."""
    return tuple(match.span("name") for match in _CUED.finditer(text))
