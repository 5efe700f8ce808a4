"""Benxi as the first filling: the bureau, the city team with its sections, seven branches (五, domain.md 2.6, A-18).

An empty system and the demo begin with it. What runs reads the database (`city.py`), so nothing else may import this.
"""

from . import filling
from .city import City, District
from .filling import Branch, Filling
from .models import Unit

# code, division, short name, short name of the section that serves it
BRANCHES = [
    ("210502", "210502", "平山分局", "平山执法科"),
    ("210503", "210503", "溪湖分局", "溪湖执法科"),
    ("210504", "210504", "明山分局", "明山执法科"),
    ("210505", "210505", "南芬分局", "南芬执法科"),
    ("210521", "210521", "本溪县分局", "本溪县执法科"),
    ("210522", "210522", "桓仁县分局", "桓仁县执法科"),
    # The high-tech zone has no GB/T 2260 code; addresses carry that of its host district (domain.md 4.4).
    ("2105GX", "210503", "高新区分局", "高新区执法科"),
]
# Code → (short name, is the city team) of the eight that plan and draw.
DRAWING = {"210500": ("市执法队", True)} | {code: (short, False) for code, _, short, _ in BRANCHES}
ZONES = ("本溪高新技术产业开发区", "高新技术产业开发区", "本溪高新区", "高新区", "石桥子")
CITY = City(
    name="本溪市",
    province="辽宁省",
    code="210500",
    site="本溪市生态环境执法双随机公示",
    label="本溪双随机",
    mark="本环",
    bureau="本溪市生态环境局",
    team="本溪市生态环境保护综合行政执法队",
    drawing=tuple(short for short, _ in DRAWING.values()),
    districts=(
        District("210502", "平山区", ("平山",)),
        District("210503", "溪湖区", ("溪湖",), ZONES),
        District("210504", "明山区", ("明山",)),
        District("210505", "南芬区", ("南芬",)),
        District("210521", "本溪满族自治县", ("本溪县",)),
        District("210522", "桓仁满族自治县", ("桓仁县", "桓仁")),
    ),
)
FILLING = Filling(
    CITY, "2105SJ", "市局", "市执法队", ("执法一科", "执法二科"), tuple(Branch(*branch) for branch in BRANCHES)
)


def establish() -> dict[str, Unit]:
    """Make the units that are missing; return all by code."""
    return filling.establish(FILLING)
