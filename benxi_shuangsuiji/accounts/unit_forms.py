"""Forms of units and names. They read what was typed; whether it may be so is asked by `unit_rules`."""

import re
import unicodedata

from django import forms

from benxi_shuangsuiji.forms import fields

from .city import this_city
from .models import ChangeKind, Unit, UnitChange, UnitKind

_PARTS, PARTS = re.compile(r"[|｜\t]"), 4
_WORDS = re.compile(r"[、,，\s]+")


class _FromADay(forms.Form):
    """What every change has: from when, by which document. `values` is what was asked for, without the two."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["effective_from"] = fields.picked_day(self.day_label, help_text=self.day_help)
        self.fields["document"] = fields.text("依据文件", help_text="文件全称和文号。")

    day_label, day_help = "生效日期", "从明天起。以前的文书仍用那时的名称。"

    def clean(self):
        data = super().clean()
        day, document = data.pop("effective_from", None), data.pop("document", "")
        if self.errors:
            return data
        return {"values": self.values(data), "effective_from": day, "document": document}

    def values(self, data) -> dict:
        return {name: value.strip() for name, value in data.items()}


def _divisions():
    return list(this_city().divisions.items())


class NamesForm(_FromADay):
    name = fields.text("全称", max_length=60)
    short_name = fields.text("简称", max_length=20, help_text="页面和名单里的称呼，如“某某分局”。")
    seal_name = fields.text("印章和落款上的名称", max_length=60, required=False, help_text="和全称一样的，留空。")
    division_code = fields.choice("行政区划", _divisions)


class AddForm(_FromADay):
    day_label, day_help = "设立日期", "从今天起。分局从下一个季度起编制计划，这以前建账号、移交对象。"

    kind = fields.choice("类别", [(k.value, k.label) for k in (UnitKind.BRANCH, UnitKind.HQ_SECTION)])
    code = fields.text(
        "单位代码",
        max_length=16,
        required=False,
        help_text="分局：六位行政区划代码；没有的，六位数字或大写字母。写进各种编号，以后不变。科室留空。",
    )
    name = fields.text("全称", max_length=60)
    short_name = fields.text("简称", max_length=20)
    section = fields.text(
        "为它服务的执法科室", max_length=20, required=False, help_text="简称，和分局一起设立。科室留空。"
    )
    division_code = fields.choice("行政区划", _divisions)

    def values(self, data) -> dict:
        said = super().values(data)
        said["code"] = _narrow(said["code"])
        if said["kind"] == UnitKind.HQ_SECTION:
            team = Unit.objects.city_team()
            head = f"{team.code}-H"
            taken = [*Unit.objects.filter(code__startswith=head).values_list("code", flat=True)]
            coming = UnitChange.objects.on_their_way().filter(kind=ChangeKind.ADD, values__code__startswith=head)
            taken += coming.values_list("values__code", flat=True)
            last = max((int(n) for code in taken if (n := code.removeprefix(head)).isdecimal()), default=0)
            said |= {"code": f"{head}{last + 1}", "section": ""}
        return said


class CloseForm(_FromADay):
    day_label, day_help = "撤销日期", "季度首日，不再有工作的第一天。"

    into = fields.choice("并入", [], required=False)

    def __init__(self, *args, unit: Unit, **kwargs):
        super().__init__(*args, **kwargs)
        others = Unit.objects.open().exclude(pk=unit.pk).filter(kind__in=(UnitKind.CITY_TEAM, unit.kind))
        self.fields["into"].choices = [("", "没有")] + [(u.code, u.short_name) for u in others]
        self.fields["into"].help_text = "只作说明。检查对象由“移交”逐个办理，不随撤销变动。"


class CityForm(_FromADay):
    name = fields.text("市的名称", max_length=20)
    site = fields.text("网站名称", max_length=60)
    label = fields.text("系统简称", max_length=20, help_text="下载的文件和手机动态口令用它开头。")
    mark = fields.text("机关代字", max_length=10, help_text="文号的开头，如“某环”。一年一个，从 1 月 1 日起改。")
    identifier = fields.text("政府网站标识码", max_length=40, required=False)
    icp = fields.text("ICP 备案号", max_length=60, required=False)
    police = fields.text("公网安备号", max_length=60, required=False)


class DistrictsForm(_FromADay):
    districts = forms.CharField(
        label="行政区划",
        widget=forms.Textarea(attrs={"class": "in", "rows": 10}),
        help_text="一行一个：代码｜名称｜别的写法｜没有代码的园区。同一格里几个词用顿号隔开。代码写六位或者十二位。",
    )

    def clean_districts(self) -> str:
        """What stands behind the fourth part would be lost without a word."""
        lines = self.cleaned_data["districts"].splitlines()
        if more := next((n for n, line in enumerate(lines, 1) if len(_PARTS.split(line)) > PARTS), 0):
            raise forms.ValidationError(
                f"第 {more} 行有 {len(_PARTS.split(lines[more - 1]))} 格，一行最多 {PARTS} 格。"
            )
        return self.cleaned_data["districts"]

    def values(self, data) -> dict:
        found = []
        for line in data["districts"].splitlines():
            code, name, words, zones, *_ = [part.strip() for part in _PARTS.split(line)] + [""] * PARTS
            code = _narrow(code)
            code = code.removesuffix("000000") if len(code) == 12 else code
            if line.strip():
                found.append({"code": code, "name": name, "words": _listed(words), "zones": _listed(zones)})
        return {"districts": found}


class WithdrawForm(forms.Form):
    reason = fields.text("撤回的理由", max_length=200, help_text="提出的人会看到，至少 4 个字。")


class DecideForm(forms.Form):
    opinion = fields.opinion()


def _narrow(code: str) -> str:
    """As a code is meant that was typed wide or small."""
    return unicodedata.normalize("NFKC", code).upper()


def _listed(text: str) -> list[str]:
    return [word for word in _WORDS.split(text) if word]


def districts_as_text() -> str:
    return "\n".join(
        "｜".join((d.code, d.name, "、".join(d.words), "、".join(d.zones))).rstrip("｜") for d in this_city().districts
    )
