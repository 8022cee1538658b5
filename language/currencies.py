"""How people name money: currencies behind and before an amount, and the words that only look like one."""

import re

#: ISO code -> what follows an amount. The negative look-aheads keep ordinary words out (元旦, 三块地, 一刀切).
_AFTER = {
    "CNY": (
        r"块钱|块(?![地肉表石布砖屏板牌蛋]|手表|区域|业务)|元整?(?!旦|宵|月|素|气|朝|老|培|里(?!面))|圆整?(?!满|形|桌|周)"
        r"|人民币|rmb|cny|yuan|大洋"
    ),
    "USD": r"美元|美金|美刀|刀(?![切具片法郎刃子])|usd|us\$|\$|dollars?",
    "EUR": r"欧元|欧(?![洲盟美])|eur|€",
    "HKD": r"港元|港币|港纸|港蚊|hkd|hk\$",
    "GBP": r"英镑|镑|gbp|£|pounds?",
    "JPY": r"日元|日圆|日币|円|jpy|yen",
    "AUD": r"澳元|澳币|澳大利亚元|澳刀|aud|a\$",
    "CAD": r"加元|加币|加拿大元|加刀|cad|c\$",
    "SGD": r"新加坡元|新币|新元|坡币|sgd|s\$",
    "NZD": r"新西兰元|纽元|纽币|nzd",
    "TWD": r"新台币|台币|twd|nt\$",
    "MOP": r"澳门元|澳门币|葡币|mop",
    "KRW": r"韩元|韩币|krw",
    "CHF": r"瑞士法郎|瑞郎|chf",
    "THB": r"泰铢|铢|thb",
    "RUB": r"卢布|rub",
    "MYR": r"林吉特|令吉|马币|myr",
    # With the country in front: several have a 克朗, 卢比, 比索 or 盾, and 福林 or 里拉 may be something else.
    "AED": r"阿联酋迪拉姆|aed",
    "SEK": r"瑞典克朗|sek",
    "DKK": r"丹麦克朗|dkk",
    "NOK": r"挪威克朗|nok",
    "PLN": r"波兰兹罗提|兹罗提|pln",
    "CZK": r"捷克克朗|czk",
    "HUF": r"匈牙利福林|huf",
    "TRY": r"土耳其里拉",
    "ZAR": r"南非兰特|zar",
    "MXN": r"墨西哥比索|mxn",
    "BRL": r"巴西雷亚尔|雷亚尔|brl",
    "INR": r"印度卢比|inr",
    "IDR": r"印尼盾|印尼卢比|印度尼西亚盾|idr",
    "VND": r"越南盾|越盾|vnd",
    "PHP": r"菲律宾比索",
    "SAR": r"沙特里亚尔|sar",
}
#: Before an amount: signs and full names.
_BEFORE = {
    "CNY": r"人民币|rmb|cny|(?<![a-z])¥",
    "USD": r"美元|美金|usd\$?|us\$|(?<![a-z])\$",
    "EUR": r"欧元|eur|€",
    "HKD": r"港币|港元|hkd|hk\$",
    "GBP": r"英镑|gbp|£",
    "JPY": r"日元|日币|jpy|円",
    "AUD": r"澳元|澳币|aud|a\$",
    "CAD": r"加元|加币|cad|c\$",
    "SGD": r"新加坡元|新币|sgd|s\$",
    "NZD": r"新西兰元|纽币|nzd",
    "TWD": r"新台币|台币|twd|nt\$",
    "KRW": r"韩元|韩币|krw",
    "CHF": r"瑞士法郎|瑞郎|chf",
}


def _named(words: dict[str, str]) -> str:
    # Longer names first across currencies: 澳门元 before 澳元, 新加坡元 before 元.
    return "|".join(f"(?P<{code}>{names})" for code, names in words.items())


#: 元 is the end of many currency names, so the others are tried before it.
AFTER = re.compile(
    rf" ?(?:的(?!..(?:债|基金|存款|理财|产品|"
    rf"保单)))?(?:{_named({code: names for code, names in _AFTER.items() if code != 'CNY'})}|"
    rf"(?P<CNY>{_AFTER['CNY']}))(?![a-z])"
)
BEFORE = re.compile(rf"(?:{_named(_BEFORE)})[ :]?$")

_D = r"[\d一二两三四五六七八九]"
#: What may follow 块 or 元: 三块五, 3元5角2分, 两块半, 一百块零五毛.
SMALL_CHANGE = re.compile(
    rf"零?(?P<jiao>{_D})(?:毛|角)(?:零?(?P<fen>{_D})分?)?"
    rf"|零?(?P<cents>{_D})分(?:钱)?"
    rf"|(?P<half>半)(?![年个天月])"
    rf"|(?P<lone>{_D})(?P<after>{_D})?(?![\d.,:/\-一二两三四五六七八九十百千万亿年月日号天个点期岁%成分块元折股份张倍])"
)
#: Amounts that have only small coins: 五毛, 5角2分, 8分钱.
COINS = re.compile(rf"(?:毛|角(?![度色形债落逐])|毛钱)(?![利病巾衣笔病])(?P<fen>{_D})?(?:分钱?)?(?:钱)?|(?P<fen_only>分钱)")
