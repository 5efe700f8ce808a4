"""What the sheets of a year's volume say (domain.md 3.3)."""

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.documents.covers import Covers

from .models import YearVolume


def covers_of(volume: YearVolume) -> Covers:
    day = localtime(volume.asked_at).date()
    names = volume.unit.on(day)
    facts = (
        ("全宗名称", Unit.objects.bureau_on(day)),
        ("类目名称", "“双随机、一公开”年度卷"),
        ("案卷题名", f"{names.short_name} {volume.year} 年“双随机、一公开”工作"),
        ("归档单位", names.name),
    )
    return Covers(
        volume,
        unit=names.name,
        author=names.short_name,
        kind="年度卷",
        about=f"年度：{volume.year}",
        facts=facts,
        term="永久",
        missing=("电子档案包另存，内有全部数据和校验程序。",),
    )
