"""Reads how people take something back: 不是英国，是澳洲 / 说错了，是明年 / 改成30万 / 英国换成澳洲 / 我是说澳洲."""

import re
from dataclasses import dataclass

from language.normalise import normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The new value, the old one where it was named, and the field where that was (把金额改成30万)."""

    new: str
    old: str | None = None
    field: str | None = None


_LONGEST_VALUE = 20
_SEP = r"[\s,，。.!;:、~…-]*"
_SELF = (
    r"(?:我|你们?|您|俺|咱|刚才?|刚刚|前面|之前|上面|那个|这个|其实|抱歉|不好意思|对不起|哎呀?|啊|哦|噢|呃|"
    r"额|嗯|等等|等下|等一下|sorry)"
)
_LEAD = rf"(?>{_SELF}{_SEP})*+"
_IS = r"(?:应该|应当|其实|实际|实际上|要|得)?(?:还)?(?:是|为|写|填|去|选|要|到|说)(?!不是|吗|否)(?:的是|要|去|想要)?"
_MISTAKE = (
    r"(?>[说讲打写填输记搞弄选发看听]?错|口误|手滑|手误|笔误|(?:这个?|那个?)?(?:不对(?!劲)|不准确|不是(?=[,，。!\s]))|"
    r"(?:更正|纠正|订正)(?:一?下)?|重新说|[说搞弄]反了)"
)
_CHANGE = r"(?:修改|更改|变更|更换|调整|改|换|变|调|更新|替换)(?:成|为|到|做|作)了?"
_FIELDS = (
    "金额|数额|额度|时间|日期|年份|月份|国家|地方|城市|目的地|期限|年限|币种|电话|手机号?|号码|地址|名字|姓名|学校|专业|"
    "用途|产品|利率|预算|预约|预约时间|邮箱|学历|阶段|银行|网点|收入|首付|答案|选项|年龄|人数"
)
_OLD = rf"(?P<old>[^,，。;；!?！？]{{1,{_LONGEST_VALUE}}}?)"
_NEW = rf"(?P<new>[^,，。;；!?！？]{{1,{_LONGEST_VALUE}}}?)"
_END = r"(?:[,，。;；!！].*)?$"
_MARK = r"[了的啊呀哈哦吧呢啦嘛]*+"
_GO = r"(?:去|要|选|办|存|贷|写|填|买|到|读|想去|想要|打算去|准备去)"

#: Tried in order, the plainest signs first. Each names `new`, and `old` or `field` where the words do.
_PATTERNS = tuple(
    re.compile(pattern, re.VERBOSE)
    for pattern in (
        # 把金额改成30万 / 金额改为30万 / 英国换成澳洲 / 改成30万吧
        rf"(?:^|.*?[,，。;\s]){_LEAD}(?:请|帮我|麻烦|给我|想|要|可以|能不能|能|还是)*(?:把|将)?(?:我的|"
        rf"我)?(?P<field>{_FIELDS})?(?:从|由)?(?:{_OLD})?(?:给我)?(?:统一)?{_CHANGE}{_NEW}{_MARK}{_END}",
        # 不是英国，是澳洲 / 不是英国而是澳洲 / 我说的不是英国是澳洲
        rf"^(?:不对{_SEP})?{_LEAD}(?:我)?(?:说的|要的|去的|想的|选的)?(?:并)?不是{_GO}?(?!不|没|很|太|"
        rf"吗){_OLD}{_MARK}{_SEP}(?:而|应该|其实|我)*(?:是说|说的是|是){_GO}?{_NEW}{_MARK}{_END}",
        # 是澳洲，不是英国 / 澳洲，不是英国 / 我要去的是澳洲不是英国
        rf"^{_LEAD}(?:[^,，。不是]{{0,8}}的)?(?:应该)?(?:是)?{_NEW}{_MARK}[,，\s]+(?:而)?(?:不是|并不是|"
        rf"没说){_GO}?(?!不|没|很|太|吗){_OLD}{_MARK}{_END}",
        rf"^{_LEAD}(?:[^,，。不是]{{0,8}}的)?(?:应该)?是{_NEW}{_MARK}(?:而)?不是{_GO}?(?!不|没|很|太|"
        rf"吗){_OLD}{_MARK}{_END}",
        # 说错了，是明年 / 不对，应该是澳洲 / 更正：澳洲
        rf"^{_LEAD}(?:[说写填讲选发]的)?(?>{_MISTAKE}{_MARK}{_SEP})++{_LEAD}(?:{_IS}){_NEW}{_MARK}{_END}",
        rf"^{_LEAD}(?:{_MISTAKE}){_MARK}[\s,，。.!;:、]+{_LEAD}(?!不|没|别){_NEW}{_MARK}{_END}",
        rf"^{_LEAD}(?:更正|纠正|订正)(?:一下|下)?{_SEP}{_NEW}{_MARK}{_END}",
        # 英国错了，应该是澳洲 / 刚才说的英国不对，是澳洲
        rf"^{_LEAD}(?:说的|写的|填的|讲的)?(?!{_MISTAKE}){_OLD}(?:是|"
        rf"我)?(?:{_MISTAKE}){_MARK}[,，。!\s]+{_LEAD}(?:{_IS}){_NEW}{_MARK}{_END}",
        # 不，是澳洲 / 哦不，澳洲 / 不不不，是澳洲
        rf"^{_LEAD}不+{_MARK}[\s,，。!、]+(?:不+[\s,，、]*)*{_LEAD}(?:{_IS})?(?!不|没|用|要了|需|想|行|"
        rf"谢|客气|好|对|可以|太|了){_NEW}{_MARK}{_END}",
        rf"^{_LEAD}不{{2,}}(?:应该|其实)?是{_NEW}{_MARK}{_END}",
        # 我是说澳洲 / 我的意思是澳洲 / 我说的是澳洲
        rf"^(?:不+[\s,，。]*)?{_LEAD}我?(?:是说|的意思是|意思是|说的是|要说的是|想说的是|指的是|是指|"
        rf"是想说){_SEP}{_NEW}{_MARK}{_END}",
        # 不去英国了，去澳洲 / 不要30万了，要50万 / 别写英国，写澳洲
        rf"^{_LEAD}(?:不|别|先不|不再){_GO}{_OLD}{_MARK}(?:[,，\s]+|(?=改))(?:我|还是|改|想|就|"
        rf"了)*(?P<go>{_GO}){_NEW}{_MARK}{_END}",
        rf"^{_LEAD}(?P<verb>{_GO}){_NEW}{_MARK}[,，\s]+(?:不|别)(?P=verb){_OLD}{_MARK}{_END}",
        # 还是澳洲吧 / 那还是去澳洲吧 / 应该是澳洲
        rf"^{_LEAD}(?:那|算了|要不)*[,，\s]*还是{_GO}?(?!不|没|算|先|再|要|有|可以|很|这|那){_NEW}吧{_MARK}{_END}",
    )
)
_REGRET = re.compile(rf"^{_LEAD}(?>{_MISTAKE}{_MARK}{_SEP})++{_LEAD}(?=(?:我)?(?:不|是.+不是|把|将))")
#: A question or a reason only looks like a correction (是不是英国, 不是我不想，是没钱).
_QUESTION = re.compile(r"(?<!不)(?:是不是|对不对)|[?？]$|吗[?？]?$|(?:什么|怎么|哪个|哪里|多少|为什么|能否)")
_REASON = re.compile(r"^(?:我|你|他)?(?:不|没|怕|因为|觉得|担心|有点|太|很|真|想问)")
#: Not values: 对，不是英国 affirms.
_ANSWER = re.compile(r"(?:对|是|嗯|好|没错|不|不是|行|可以|哦|啊|恩|没有|不用|算了)+的?")
#: 我儿子是去加拿大 -> 加拿大.
_SUBJECT = re.compile(r"^[^是\d]{1,6}是(?:去|要|在|想去|想)?(?=.)")
_PARTICLES = re.compile(r"^(?:去|那个|这个|的是|说|呢|,)+(?=.{2})|(?:[了的啊呀哈哦吧呢啦嘛呗咯]|才对|谢谢|好了|就行)+$")


def find_correction(text: str) -> Correction | None:
    """Find what a text corrects; None when it corrects nothing, or only says that something is wrong."""
    said = normalise(text)
    if len(said) > 80 or _QUESTION.search(said):
        return None
    without_regret = _REGRET.sub("", said)  # 搞错了搞错了，不是英国是澳洲: the sentence behind the regret says more
    for sentence in dict.fromkeys((without_regret, said)):
        for pattern in _PATTERNS:
            match = pattern.match(sentence)
            if match and (found := _correction(match.groupdict())):
                return found
    return None


def _correction(groups: dict[str, str | None]) -> Correction | None:
    new, old, field = (_trimmed(groups.get(name)) for name in ("new", "old", "field"))
    if new:
        new = _SUBJECT.sub("", new)
    if not new or _ANSWER.fullmatch(new) or _REASON.match(new) or (old and _REASON.match(old)) or new == old:
        return None
    if old and (found := re.fullmatch(rf"(?:我的|我|刚才的|原来的)?({_FIELDS})", old)):
        old, field = None, found[1]
    return Correction(new=new, old=old, field=field)


def _trimmed(value: str | None) -> str | None:
    if value is None:
        return None
    return _PARTICLES.sub("", value.strip(" ,.'\"")).strip(" ,.'\"") or None
