"""Words for somebody who was named before: 她, ta, 这位客户, 这家公司."""

import re

PRONOUN = re.compile(
    r"(?<![其吉])他(?!行|人|们|项|乡)(?:这个人|这个客户)?|她(?!们)|(?<![a-z])ta(?![a-z])"
    r"|(?:这|那|该)(?:一?位|一?个|一?户|一?家)?(?:老?客户|公司|企业|人(?!民|生|工|数))|[这那]一?位(?!数|置)"
)


def plain(text: str) -> str:
    """The text with 他 for every such word."""
    return PRONOUN.sub("他", text)
