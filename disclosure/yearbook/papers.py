"""What the sheets of a year's volume say (domain.md 3.3)."""

from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.documents.covers import Covers

from .models import YearVolume


def covers_of(volume: YearVolume) -> Covers:
    unit = volume.unit
    facts = (
        ("全宗名称", this_city().bureau),
        ("类目名称", "“双随机、一公开”年度卷"),
        ("案卷题名", f"{unit.short_name} {volume.year} 年“双随机、一公开”工作"),
        ("归档单位", unit.name),
    )
    return Covers(
        volume,
        unit=unit.name,
        author=unit.short_name,
        kind="年度卷",
        about=f"年度：{volume.year}",
        facts=facts,
        term="永久",
        missing=("电子档案包另存，内有全部数据和校验程序。",),
    )
