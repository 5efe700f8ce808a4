"""Forms of a unit's own decisions, of the lottery schedule and of filings. They read; the rules decide."""

from decimal import Decimal

from django import forms

from benxi_shuangsuiji.forms import fields
from plans.models import LotteryGame
from registry.inspectors import rules as registry_rules

WEEKDAYS = [(1, "周一"), (2, "周二"), (3, "周三"), (4, "周四"), (5, "周五"), (6, "周六"), (7, "周日")]


def read_file(file) -> tuple[str, bytes] | None:
    """Name and bytes, refused before they are read when there are too many."""
    if file is None:
        return None
    if file.size > registry_rules.MOST_SCAN_BYTES:
        raise forms.ValidationError("文件超过 10 MB。压缩后重新上传。")
    return (file.name, file.read())


class RatioForm(forms.Form):
    """一般监管对象抽查比例 with the five factors of 七(一)2."""

    year = fields.count("年度", least=2025, most=2100)
    percent = forms.DecimalField(
        label="每季度比例（%）",
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
        widget=fields.box("in-n", inputmode="decimal"),
        error_messages={
            "required": "填写比例",
            "invalid": "比例填百分数，例如 8.6",
            "min_value": "比例大于 0",
            "max_value": "比例不大于 100",
            "max_decimal_places": "比例最多两位小数",
        },
    )
    valid_from = fields.day("起始日", help_text="今天或以后；这一天起编制的计划按它抽，年底为止", example="")
    air_quality = fields.text("区域生态环境质量", rows=2, help_text="例如空气优良天数比例、水质达标情况和来源")
    pollution_sources = fields.count("污染源数量（家）", least=1, help_text="默认是今天的名录家数")
    inspectors = fields.count("检查人员数量（人）", least=1, help_text="默认是今天有执法证、在岗的人数")
    area_km2 = fields.count("行政区面积（平方公里）", least=1)
    coverage_target = fields.text("全覆盖目标", rows=2)

    def as_data(self):
        found = dict(self.cleaned_data)
        found["basis_points"] = int(found.pop("percent") * 100)
        return found


class ChoicesForm(forms.Form):
    """本单位参数: what the unit's plans begin with."""

    valid_from = fields.day("起始日", help_text="今天或以后；这一天起编制的计划按它", example="")
    reserved_key = fields.count("重点优先名额（%）", most=100)
    reserved_general = fields.count("一般优先名额（%）", most=100)
    team_size = fields.count("每组人数", least=2, most=9)  # what SSJ1 holds; the rule asks for the least in force
    game = fields.choice("公开随机数", LotteryGame.choices)
    positive_out = forms.BooleanField(
        label="正面清单企业不参加抽取", required=False, widget=forms.CheckboxInput(attrs={"class": "ck"})
    )
    release_on_draw_day = forms.BooleanField(
        label="抽取当天公开名单",
        required=False,
        help_text="不选时在检查完成的期限公开，检查前保密",
        widget=forms.CheckboxInput(attrs={"class": "ck"}),
    )
    reason = fields.text("理由", rows=2)

    def as_data(self):
        return dict(self.cleaned_data)


class SchemeForm(forms.Form):
    """随机抽查方案, as it was issued."""

    title = fields.text("标题", max_length=100)
    document_no = fields.text("文号", max_length=60)
    issued_on = fields.day("印发日期", example="")
    valid_from = fields.day("起始日", example="")
    file = fields.file("方案正文", help_text="PDF，最大 10 MB")

    def clean_file(self):
        return read_file(self.cleaned_data["file"])

    def as_data(self):
        return dict(self.cleaned_data)
