"""Invented names. No enterprise and no person here exists; the credit codes carry a body that is never issued."""

from dataclasses import dataclass
from random import Random

FIRST = [
    "枫岭",
    "澄溪",
    "霁沅",
    "丹枫",
    "雁谷",
    "竹屿",
    "鹤舞",
    "柳塘",
    "清砚",
    "望溪",
    "松砚",
    "晴岚",
    "青檀",
    "云栖",
    "秋实",
    "映山",
    "石泉",
    "银杏",
    "远岫",
    "暖阳",
    "翠微",
    "星野",
    "听涛",
    "梧桐",
    "晨曦",
    "静远",
    "春晖",
    "海棠",
    "朝露",
    "凌霄",
    "玉泉",
    "紫藤",
    "白桦",
    "红叶",
    "碧湖",
    "金穗",
    "瑞雪",
    "长亭",
    "南麓",
    "北坡",
    "流云",
    "归雁",
    "临江",
    "采薇",
    "鸣泉",
    "幽兰",
    "素问",
    "知行",
    "观澜",
    "拾光",
]
FAMILY = "齐乔贺程苏顾温阮裴柏祁聂宁项岑蔺薄邵闻褚郁谈尤隋廖"
GIVEN = [
    "以宁",
    "清川",
    "砚秋",
    "知远",
    "若岩",
    "明澈",
    "思齐",
    "云舟",
    "景行",
    "一鸣",
    "书言",
    "子衿",
    "望舒",
    "听澜",
    "怀瑾",
    "锦书",
    "青禾",
    "南乔",
    "疏影",
    "行止",
    "安歌",
    "如川",
    "星遥",
    "见山",
    "其琛",
    "维桢",
    "昭然",
    "修远",
    "砚池",
    "临风",
]


@dataclass(frozen=True)
class Trade:
    """A kind of enterprise: the end of its name, GB/T 4754 code and words, pollution types, required scopes."""

    ending: str
    code: str
    industry: str
    pollution: tuple[str, ...]
    scopes: tuple[str, ...] = ()
    hazwaste: str = "NONE"
    heavy: bool = False


TRADES = [
    Trade("铁矿选矿有限公司", "B0810", "铁矿采选", ("水", "固废", "生态"), heavy=True),
    Trade("特种钢有限公司", "C3120", "炼钢", ("大气", "水", "固废"), hazwaste="PRODUCER_KEY", heavy=True),
    Trade("焦化有限公司", "C2521", "炼焦", ("大气", "水", "危废"), ("HW",), "PRODUCER_KEY", True),
    Trade("水泥有限公司", "C3011", "水泥制造", ("大气",), heavy=True),
    Trade("热力有限公司", "D4430", "热力生产和供应", ("大气",), heavy=True),
    Trade("污水处理有限公司", "D4620", "污水处理及其再生利用", ("水", "固废"), heavy=True),
    Trade("危险废物处置有限公司", "N7724", "危险废物治理", ("危废", "大气"), ("HW",), "OPERATOR", True),
    Trade("生活垃圾填埋场", "N7820", "环境卫生管理", ("水", "土壤"), heavy=True),
    Trade("尾矿库", "B0810", "铁矿采选", ("水", "土壤", "生态"), heavy=True),
    Trade("铸造有限公司", "C3391", "黑色金属铸造", ("大气", "固废"), hazwaste="PRODUCER_SIMPLE"),
    Trade("制药有限公司", "C2710", "化学药品原料药制造", ("水", "大气", "危废"), ("HW",), "PRODUCER_KEY", True),
    Trade("参业有限公司", "C2730", "中药饮片加工", ("水",)),
    Trade("冰葡萄酒庄有限公司", "C1515", "葡萄酒制造", ("水",)),
    Trade("水电站", "D4413", "水力发电", ("水",)),
    Trade("石灰石矿", "B1011", "石灰石、石膏开采", ("大气", "土壤", "生态")),
    Trade("综合医院", "Q8411", "综合医院", ("水", "辐射", "危废"), ("RAD",), "PRODUCER_SIMPLE"),
    Trade("机动车检测有限公司", "M7452", "检测服务", ("大气",)),
    Trade("生猪养殖场", "A0313", "猪的饲养", ("水",)),
    Trade("汽车修理厂", "O8111", "汽车修理与维护", ("危废", "大气"), ("HW",), "PRODUCER_REGISTERED"),
    Trade("混凝土有限公司", "C3021", "水泥制品制造", ("大气", "噪声")),
    Trade("印染有限公司", "C1713", "棉印染精加工", ("水",)),
    Trade("食品有限公司", "C1353", "肉制品及副产品加工", ("水",)),
    Trade("木业有限公司", "C2029", "其他人造板制造", ("大气",)),
    Trade("加油站", "F5265", "机动车燃油零售", ("大气", "土壤")),
    Trade("洗煤有限公司", "B0690", "其他煤炭采选", ("水", "固废")),
    Trade("包装印刷有限公司", "C2319", "包装装潢及其他印刷", ("大气", "危废"), ("HW",), "PRODUCER_REGISTERED"),
]


class Names:
    """Gives each name out once, always in the same order for the same seed."""

    def __init__(self, seed: int = 2026):
        self.random = Random(seed)
        people = [f + g for f in FAMILY for g in GIVEN]
        self.random.shuffle(people)
        self._people = iter(people)
        self._taken: set[str] = set()

    def person(self) -> str:
        return next(self._people)

    def enterprise(self, trade: Trade) -> str:
        """An invented enterprise of this trade, such as 枫岭焦化有限公司."""
        while True:
            name = self.random.choice(FIRST) + trade.ending
            if name in self._taken:
                name = self.random.choice(FIRST) + self.random.choice("东西南北新") + trade.ending
            if name not in self._taken:
                self._taken.add(name)
                return name
