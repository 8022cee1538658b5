"""How a currency is called in Chinese where an amount is shown. What people themselves may call it is in `language.currencies`."""

_NAMES = {
    "CNY": "元", "USD": "美元", "EUR": "欧元", "HKD": "港元", "JPY": "日元", "GBP": "英镑", "AUD": "澳元", "CAD": "加元",
    "CHF": "瑞士法郎", "SGD": "新加坡元", "NZD": "新西兰元", "MOP": "澳门元", "TWD": "新台币", "KRW": "韩元", "THB": "泰铢",
    "MYR": "林吉特", "RUB": "卢布", "AED": "阿联酋迪拉姆", "SEK": "瑞典克朗", "DKK": "丹麦克朗", "NOK": "挪威克朗",
    "PLN": "波兰兹罗提", "CZK": "捷克克朗", "HUF": "匈牙利福林", "TRY": "土耳其里拉", "ZAR": "南非兰特", "MXN": "墨西哥比索",
    "BRL": "巴西雷亚尔", "INR": "印度卢比", "IDR": "印尼盾", "VND": "越南盾", "PHP": "菲律宾比索", "SAR": "沙特里亚尔",
}  # fmt: skip


def currency_name(code: str) -> str:
    """The name, to be put behind an amount; the code itself where it has none."""
    return _NAMES.get(code, code)
