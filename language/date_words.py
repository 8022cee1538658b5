"""The words of dates, as tables and as pieces of patterns that `date_rules` puts together."""

import re

from language.festivals import NAMES

NUMBER = r"(?:\d{1,3}|[零〇一二两三四五六七八九十百廿卅俩仨]{1,5})"
_NO_NUMERAL_BEFORE = r"(?<![\d零〇一二两三四五六七八九十百千万第几.])"

#: word -> years from now
YEAR_WORDS = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1, "来年": 1, "后年": 2, "大后年": 3}
_DIGIT = "[零〇一二三四五六七八九]"
YEAR = rf"""(?:
    (?P<yearword>{"|".join(sorted(YEAR_WORDS, key=len, reverse=True))})度?
  | (?<!\d)(?P<year4>(?:19|20|21)\d\d)年?
  | (?<!{_DIGIT})(?P<yearsaid>[一二][九零〇一]{_DIGIT}{{2}}|[二两]千零?[一二三四五六七八九十]{{1,3}})年
  | {_NO_NUMERAL_BEFORE}(?P<year2>\d\d|{_DIGIT}{{2}})年
)"""

#: word -> days from now
DAY_WORDS = {
    "大前天": -3, "前天": -2, "前晚": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "昨晚": -1, "昨夜": -1,
    "今天": 0, "今日": 0, "今儿": 0, "今晚": 0, "今早": 0, "今夜": 0, "今晨": 0,
    "明天": 1, "明日": 1, "明儿": 1, "明晚": 1, "明早": 1, "明晨": 1,
    "后天": 2, "后晚": 2, "大后天": 3, "听日": 1, "寻日": -1,
}  # fmt: skip
#: words for neighbouring days -> the first day from now and how many
NEAR_DAYS = {"今明": (0, 2), "明后": (1, 2), "今明后": (0, 3)}
NEAR_DAY = r"(?P<neardays>今明后?|明后)(?:[两二三]?[天日])"
DAY_WORD = rf"(?P<dayword>{'|'.join(sorted(DAY_WORDS, key=len, reverse=True))})个?(?![津然气])"

#: part of a month -> its first day and the day after its last one (0: the end of the month)
MONTH_PARTS = {
    "上旬": (1, 11), "中上旬": (1, 21), "上中旬": (1, 21), "中旬": (11, 21), "中下旬": (11, 0), "下旬": (21, 0),
    "初": (1, 11), "头": (1, 11), "中": (11, 21), "底": (21, 0), "末": (21, 0), "尾": (21, 0),
}  # fmt: skip
MONTH_PART = (
    r"月?(?P<mpart>中?[上下]旬|上?中旬|初(?![中级步三次始])|头(?!寸)|中(?![国秋行信间旬期])|底(?![薪层价])|"
    r"末|尾)"
)

#: part of a year -> first month, months; 年底 is December, as in a plan
YEAR_EDGES = {"初": (1, 1), "头": (1, 1), "中": (6, 2), "底": (12, 1), "末": (12, 1), "尾": (12, 1)}
YEAR_EDGE = r"(?P<yedge>初(?![中级步次])|中(?![国秋行信间旬期])|底(?![薪层价])|末|尾)"

#: season word -> first month, months
SEASONS = {
    "春": (3, 3), "夏": (6, 3), "秋": (9, 3), "冬": (12, 3), "暑": (7, 2), "寒": (1, 2),
}  # fmt: skip
#: The names above that are school breaks.
BREAKS = frozenset("暑寒")
SEASON = (
    r"(?:(?P<season>[春夏秋冬])(?:天|季|(?=开学|入学|招生|学期))|开(?P<season_in>春)|"
    r"入(?P<season_on>[夏秋冬])(?!口)|(?P<break>[暑寒])(?:假|期))"
)
HALF = r"(?P<half>[上下前后])半年(?!度?报)"
QUARTER = r"(?:第?(?P<quarter>[一二三四1234])季度|q(?P<q>[1-4]))(?![a-z0-9])"

#: What turns 月 into pay or interest, and 号 into a building, a line or a document.
_MONTH_NUMBER = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九])"
MONTH = (
    rf"{_NO_NUMERAL_BEFORE}(?:(?P<mfrom>{_MONTH_NUMBER})月?[到至\-~、])?(?P<month>{_MONTH_NUMBER}|元|"
    rf"[一二三四五六七八九]{{2}}|十一二)月份?(?![薪供息均租嫂球亮]|入[\d过一二三四五六七八九十])"
)
_NOT_A_DAY = r"(?![楼线店文桌窗柜机卡位码单院厅库馆门员栋座仓球选房段教])"
_DAY_NUMBER = r"(?:\d{1,2}|[廿卅二三]?十?[一二三四五六七八九]|[二三]?十)"
DAY = (
    rf"(?:(?:(?P<dfrom>{_DAY_NUMBER})[号日]?[到至\-~、])?(?P<day>\d{{1,2}}|"
    rf"[廿卅二三]?十?[一二三四五六七八九]|[二三]?十|廿|卅)(?:[号號]|日(?![元币本均]))"
    rf"{_NOT_A_DAY}|(?P<dayalone>\d{{1,2}}|(?:二?十|廿)[一二三四五六七八九]?|三十一?)"
    r"(?![\d万千百亿个元块%.,:/点时岁年月日号天周家人张份笔多来几成]))"
)

FESTIVAL = (
    rf"(?P<festival>{'|'.join(NAMES)})(?:节)?(?P<holiday>小?长假|假期|放假|期间|黄金周|当天|"
    rf"那天)?(?![路街巷桥村镇]|小区|支行|广场)"
)
#: 十一, 五一 and 六一 are numbers as well: they need a holiday's company.
NUMBER_FESTIVALS = frozenset({"十一", "五一", "六一"})
HOLIDAY_COMPANY = re.compile(r"[节假去回出放前后旅玩结办来那就用]|长假|黄金周|期间|之|以|过后|劳动|国庆|儿童|当天|左右|[,。!?]|$")
BEFORE_NUMBER_FESTIVAL = re.compile(r"[\d零〇一二两三四五六七八九十百千万亿第周期拜月年初点负]$")

LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
LUNAR = (
    r"(?:(?P<newyear>大年)(?=初)|(?P<lunar>农历|阴历|旧历|老历)?的?(?P<leap>闰)?"
    r"(?P<lmonth>[正冬腊]|十[一二]?|[一二三四五六七八九]|\d{1,2})月份?)"
    r"(?:(?P<first>初)(?P<lfirst>[一二三四五六七八九十])|(?P<lday>\d{1,2}|"
    r"[廿二]十?[一二三四五六七八九]|三十|二十|十[一二三四五六七八九]?))?(?:[日号])?"
)

WEEK = r"(?:周|星期|礼拜)"
WEEK_SHIFT = r"(?P<wshift>上+|下+|本|这)(?:一)?个?"
WEEKDAYS = {char: index % 7 for index, char in enumerate("一二三四五六日1234567")} | {"天": 6}
WEEKDAY = r"(?P<weekday>[一二三四五六日天1-7]|末)(?![个次起般直样共些旦向])"

MONTH_SHIFT = r"(?P<mshift>上+|下+|本|这|当)(?:一)?个?月份?"

UNIT = (
    r"(?:个?(?P<week>周|星期|礼拜)|个?(?P<quarters>季度)|(?P<year>年)|(?P<dayunit>天)|"
    r"个(?P<ahalf>半)?(?P<monthunit>月)|(?<=[俩仨])(?P<bothmonths>月))"
)
AND_HALF = r"(?P<andhalf>半)?"
#: Directions in time; what follows keeps 后天, 前台, 内部 and 以前的 out.
AFTERWARDS = r"(?P<later>(?:以|之|过)?后(?![天年面台续期备勤悔])|(?:以|之)来(?=后))"
BEFORE = r"(?P<earlier>(?:以|之)?前(?![天年面台往期景]))"
WITHIN = r"(?P<within>(?:以|之)?内(?![部容地外存]))"
RECENT = r"(?P<recent>最近|过去|近|此前|前)"
COMING = r"(?P<coming>未来|今后|接下来|往后)的?"
ELAPSING = r"(?<![不超通经路])(?P<elapsing>再?过)了?"

SIDE = re.compile(
    r"的?(?:(?P<around>前后|左右)|(?P<before>(?:以|之)?前夕?(?![天年面台往期景后])|之前)|"
    r"(?P<after>(?:以|之|过)后|后(?![天年面台续期备勤悔来])))"
)
WEEKDAY_BESIDE = re.compile(r" ?[,(]?(?:周|星期|礼拜)([一二三四五六日天])(?![一二三四五六七八九十])\)?")
REPEATING = re.compile(r"(?:每[个一逢到隔]?[年月周天季]?[度份]?|逢)的?$")
#: A time of day in such company repeats as well (每周五下午, 每天早上八点).
REPEATING_DAY = re.compile(r"每[^,。;!?\s]{0,6}$")
CLOSING_WORDS = ("底", "末", "尾", "下旬")
