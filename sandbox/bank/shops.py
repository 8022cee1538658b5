"""Who takes small payments, by merchant category. All of them are invented."""

from dataclasses import dataclass

import numpy as np

from sandbox.bank.names import FIRMS, STRANGERS


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of shop: its code in ISO 18245, its share of the small payments of everybody, its names."""

    name: str
    mcc: str
    share: float
    shops: tuple[str, ...]


CATEGORIES = (
    Category("grocery", "5411", 0.22, ("鲜来超市", "百味生鲜", "四季果园", "橘子便利", "邻里菜场")),
    Category("restaurant", "5812", 0.16, ("巷口面馆", "拾味餐厅", "江畔小厨", "老灶火锅", "三餐食堂")),
    Category("milk_tea", "5814", 0.08, ("一叶奶茶", "山茶咖啡", "茶小满", "宝贝奶茶屋")),
    Category("transport", "4111", 0.10, ("云桥公交", "云桥地铁", "随行打车")),
    Category("fuel", "5541", 0.03, ("栖湖加油站", "望澜加油站")),
    Category("online", "5399", 0.17, ("百宝商城", "集物网", "云上小店", "拼单鸭")),
    Category("clothes", "5651", 0.05, ("素衣坊", "鹿鸣鞋服")),
    Category("pharmacy", "5912", 0.03, ("安康大药房", "仁和堂药店")),
    Category("books", "5942", 0.02, ("小满书店", "纸上书屋")),
    Category("leisure", "7832", 0.03, ("望澜影城", "青屿剧场")),
    Category("phone", "4814", 0.03, ("云桥通信",)),
    Category("courier", "4215", 0.03, ("万物快递",)),
    Category("pets", "5995", 0.015, ("阿布宠物",)),
    Category("beauty", "7230", 0.02, ("半亩花店", "云鬓美发")),
    Category("hotel", "7011", 0.015, ("听松客栈", "临渡酒店")),
    Category("baby", "5641", 0.0, ("童趣乐园母婴", "贝壳母婴馆", "小象宝贝", "暖暖孕婴")),
    Category("toys", "5945", 0.002, ("积木小镇玩具", "木马玩具店")),
    Category("wedding", "7221", 0.0, ("白纱婚纱摄影", "良辰婚庆")),
    Category("jewellery", "5944", 0.002, ("金玉满堂珠宝", "拾光金店")),
    Category("building", "5211", 0.002, ("安家建材城", "岩桂瓷砖")),
    Category("furniture", "5712", 0.003, ("木作家居", "澄川家具")),
    Category("hospital", "8062", 0.006, ("云桥市人民医院", "栖湖妇幼保健院")),
    Category("school", "8211", 0.0, ("云桥实验学校", "栖湖幼儿园", "云桥大学")),
    Category("tutoring", "8299", 0.004, ("启明培训", "蓝鲸英语")),
    Category("car", "5511", 0.0, ("远岫汽车4S店",)),
    Category("insurance", "6300", 0.0, ("松雪人寿", "平芜财险")),
    Category("travel", "4722", 0.004, ("远行旅行社",)),
    Category("abroad_study", "8220", 0.0, ("知衡留学服务",)),
    Category("utility", "4900", 0.0, ("云桥水务", "云桥燃气", "云桥电力", "云桥热力")),
    Category("taxes", "9311", 0.0, ("云桥税务",)),
)
PLACE = {category.name: place for place, category in enumerate(CATEGORIES)}
MCC = tuple(category.mcc for category in CATEGORIES)
SHARES = np.array([category.share for category in CATEGORIES])
SHARES = SHARES / SHARES.sum()

FIXED = (
    "代发工资",
    "养老金",
    "工会福利",
    "本人他行账户",
    "房东",
    "云桥置业",
    "云桥物业",
    "境外汇款",
    "年终奖金",
    "证券公司",
    "遗产分配",
    "平台结算",
)
_SHOPS = tuple(shop for category in CATEGORIES for shop in category.shops)
COUNTERPARTIES = (*FIXED, *_SHOPS, *STRANGERS, *FIRMS)
FIXED_AT = {name: place for place, name in enumerate(FIXED)}
SHOP_COUNT = np.array([len(category.shops) for category in CATEGORIES])
SHOP_BEGIN = len(FIXED) + np.concatenate([[0], np.cumsum(SHOP_COUNT)[:-1]])
STRANGER_BEGIN = len(FIXED) + len(_SHOPS)
STRANGER_COUNT = len(STRANGERS)
FIRM_BEGIN = STRANGER_BEGIN + STRANGER_COUNT
FIRM_COUNT = len(FIRMS)
COUNTRIES = ("US", "GB", "JP", "HK", "AU", "DE", "SG", "TH", "VN", "KR", "RU", "AE")
BANKS = ("云桥银行", "青屿农商行", "望澜商业银行", "澄川银行")
MEMOS = (
    "",
    "生活费",
    "房租",
    "还款",
    "货款",
    "红包",
    "学费",
    "份子钱",
    "礼金",
    "服务费",
    "运费",
    "押金",
    "留学费用",
    "装修款",
    "首付款",
    "销户",
)
MEMO = {memo: place - 1 for place, memo in enumerate(MEMOS)}
