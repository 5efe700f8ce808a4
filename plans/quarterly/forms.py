"""Forms of item lists and quarterly plans. They read what was typed; whether it is enough is asked by `rules`."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.refusal import SHORTEST_REASON
from plans.models import Mode, QuarterlyPlan, SourceKind
from plans.quotas import quotas
from registry.facilities import public_tags
from registry.models import Category

from . import rules
from .actions import OWN_FIELDS, executing_units
from .rows import mode_for

SOURCE_ROWS = 3


SOURCE_DUES = [f"source_{place}_due" for place in range(SOURCE_ROWS)]


STRATUM_LABELS = {"percent": "{}对象比例（%）", "planned": "{}对象家数", "reserved": "{}优先名额（%）"}


SOURCE_LABELS = {"label": "名称与期号，或见证人", "due": "开出时间"}


class PlanForm(forms.Form):
    """The three parts of a plan: how many, what, by whom and when."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    executing_unit = forms.ModelChoiceField(
        Unit.objects.none(), label="检查单位", empty_label=None, widget=forms.Select(attrs={"class": "in"})
    )
    team_size = forms.IntegerField(
        label="每组人数",
        min_value=2,  # whatever the law: no less can be kept, and SSJ1 holds 2 to 9
        max_value=9,
        widget=fields.box(inputmode="numeric"),
        error_messages={"max_value": "每组最多 9 人", "invalid": "每组人数填整数"},
    )
    draw_at = fields.moment("抽取时间")
    window_from = fields.day("检查开始", example="")
    window_to = fields.day("检查完成不晚于", example="")
    release_at = fields.moment("名单公开时间")
    positive_out = forms.BooleanField(
        label="正面清单企业不参加抽取",
        required=False,
        help_text="不选时照常参加抽取，抽中后用非现场方式检查",
        widget=forms.CheckboxInput(attrs={"class": "ck"}),
    )
    fallback_label = fields.text(
        "备用的一期",
        required=False,
        max_length=100,
        help_text="原定的一期停售或者延期时重新封存，改用它；随计划公开",
    )
    fallback_due = fields.moment(
        "备用的开出时间", required=False, help_text="在原定的一期之后、检查完成之前；抽取推迟到它开出以后"
    )
    late_reason = fields.text(
        "逾期原因",
        sometimes=True,
        rows=2,
        help_text=f"提交时要写明，至少 {SHORTEST_REASON} 个字；随计划公开，记入通报",
    )

    def __init__(self, plan: QuarterlyPlan, pools: Mapping[str, quotas.Pool], offered, data=None):
        self.plan, self.pools, self.offered = plan, pools, list(offered)
        super().__init__(data, initial=self._initial())
        least = policy.on(plan.quarter.first_day).min_team_size
        self.fields["team_size"].error_messages["min_value"] = f"检查小组不少于 {least} 人"
        units = executing_units(plan.unit)
        self.fields["executing_unit"].queryset = Unit.objects.filter(pk__in=[u.pk for u in units])
        self.fields["executing_unit"].label_from_instance = lambda unit: unit.name
        for category in Category:
            self._add_stratum(category)
        for item in self.offered:
            self._add_item(item)
        for place in range(SOURCE_ROWS):
            self._add_source(place)

    def _add_stratum(self, category):
        name = f"{category.label}对象"
        self.fields[f"percent_{category}"] = forms.DecimalField(
            label=f"{name}比例（%）",
            required=False,
            min_value=0,
            max_value=100,
            decimal_places=2,
            widget=fields.box("in-s in-n", inputmode="decimal", **{"aria-label": f"{name}比例，百分数"}),
            error_messages={
                "invalid": f"{name}比例填百分数，例如 25",
                "min_value": f"{name}比例不小于 0",
                "max_value": f"{name}比例不大于 100",
                "max_decimal_places": f"{name}比例最多两位小数",
            },
        )
        self.fields[f"planned_{category}"] = forms.IntegerField(
            label=f"{name}家数",
            required=False,
            min_value=0,
            max_value=999999,
            widget=fields.box("in-s in-c", inputmode="numeric", **{"aria-label": f"{name}家数"}),
            error_messages={
                "invalid": f"{name}家数填整数",
                "min_value": f"{name}家数不小于 0",
                "max_value": f"{name}家数最多填六位数",
            },
        )
        for old in ("was_percent", "was_planned"):
            self.fields[f"{old}_{category}"] = forms.CharField(required=False, widget=forms.HiddenInput)
        if category != Category.SPECIAL:
            self.fields[f"reserved_{category}"] = forms.IntegerField(
                label=f"{category.label}优先名额（%）",
                min_value=0,
                max_value=100,
                widget=fields.box("in-s in-c", inputmode="numeric"),
                error_messages={
                    "invalid": "优先名额填 0 到 100 的整数",
                    "min_value": "优先名额不小于 0",
                    "max_value": "优先名额不大于 100",
                },
            )

    def _add_item(self, item):
        for category in Category:
            self.fields[f"item_{item.code}_{category}"] = forms.BooleanField(
                required=False,
                label=f"{item.name}：{category.label}",
                widget=forms.CheckboxInput(
                    attrs={"class": "ck", "aria-label": f"{item.name}适用于{category.label}对象"}
                ),
            )
        self.fields[f"only_{item.code}"] = forms.ChoiceField(
            choices=[("", "不限"), *public_tags.CHOICES],
            required=False,
            label=f"{item.name}：只查有这个标识的",
            widget=forms.Select(attrs={"class": "in in-s", "aria-label": f"{item.name}只查有这个标识的对象"}),
            error_messages={"invalid_choice": "标识从列表里选"},
        )
        if item.modes == "EITHER":
            self.fields[f"mode_{item.code}"] = forms.ChoiceField(
                # Not 现场: what can be seen from outside is entered for a reason, of each check (N-5).
                choices=[("EITHER", "现场或非现场"), (Mode.OFFSITE, "非现场")],
                error_messages={"invalid_choice": f"{item.name}可以不进现场查，检查方式选“现场或非现场”或者“非现场”"},
                label=f"{item.name}：检查方式",
                widget=forms.Select(attrs={"class": "in in-s", "aria-label": f"{item.name}的检查方式"}),
            )

    def _add_source(self, place):
        self.fields[f"source_{place}_kind"] = fields.choice("种类", [("", "不用"), *SourceKind.choices], required=False)
        self.fields[f"source_{place}_label"] = fields.text("名称与期号，或见证人", required=False, max_length=100)
        self.fields[f"source_{place}_due"] = fields.moment("开出时间", required=False)

    def _initial(self) -> dict[str, Any]:
        plan = self.plan
        found = {name: getattr(plan, name) for name in OWN_FIELDS} | {"version": plan.version}
        for name in ("draw_at", "release_at", "fallback_due"):
            found[name] = found[name] and localtime(found[name])
        for stratum in plan.strata.all():
            shown = quotas.percent(stratum.basis_points).rstrip("%")
            found[f"percent_{stratum.category}"] = found[f"was_percent_{stratum.category}"] = shown
            found[f"planned_{stratum.category}"] = found[f"was_planned_{stratum.category}"] = stratum.planned
            found[f"reserved_{stratum.category}"] = stratum.reserved_percent
        chosen = {row.item.code: row for row in plan.items.all()}
        for item in self.offered:
            row = chosen.get(item.code)
            found[f"mode_{item.code}"] = mode_for(item, row.mode) if row else item.modes
            found[f"only_{item.code}"] = row.only_tag if row else ""
            for category in Category.values:
                found[f"item_{item.code}_{category}"] = bool(row and getattr(row, category))
        for place, source in enumerate(plan.sources.all()):
            found[f"source_{place}_kind"] = source.kind
            found[f"source_{place}_label"] = source.label
            found[f"source_{place}_due"] = localtime(source.due)
        return found

    def clean(self):
        cleaned = super().clean()
        for category in Category:
            asked = f"percent_{category}", f"planned_{category}"
            if not any(name in self.errors for name in asked) and all(cleaned.get(name) is None for name in asked):
                self.add_error(asked[1], f"{category.label}对象填比例或家数，另一项自动算出")
        seen = set()
        for place in range(SOURCE_ROWS):
            kind, label, due = (cleaned.get(f"source_{place}_{part}") for part in ("kind", "label", "due"))
            label = (label or "").strip()
            if not kind:
                if label or due:
                    self.add_error(f"source_{place}_kind", "选出这个来源的种类；不用它的，清空名称和开出时间")
                continue
            if not label:
                self.add_error(f"source_{place}_label", "写明彩票名称和期号，或者见证人的单位和姓名")
            if not due and f"source_{place}_due" not in self.errors:
                self.add_error(f"source_{place}_due", "填写开出时间，按 2026-07-09 21:30 的格式")
            if (kind, label) in seen:
                self.add_error(f"source_{place}_label", "两个随机数来源相同，换一个")
            seen.add((kind, label))
        fallback, due = (cleaned.get("fallback_label") or "").strip(), cleaned.get("fallback_due")
        if fallback and not due and "fallback_due" not in self.errors:
            self.add_error("fallback_due", "填写备用一期的开出时间，按 2026-07-12 21:15 的格式")
        elif due and not fallback:
            self.add_error("fallback_label", "写明备用的是哪一期，或者清空它的开出时间")
        for name in ("draw_at", "release_at", "window_from", "window_to", "fallback_due", *SOURCE_DUES):
            self._near(name, cleaned.get(name))
        first, last = cleaned.get("window_from"), cleaned.get("window_to")
        if first and last and last < first:
            self.add_error("window_to", "检查完成的日期早于检查开始。核对两个日期")
        return cleaned

    def _near(self, name, day) -> None:
        """A slip in the year is said beside the field; the rest is asked of the whole plan."""
        first, last = self.plan.year - 1, self.plan.year + 1
        if day and not first <= day.year <= last:
            self.add_error(name, f"{self.fields[name].label}在 {first} 到 {last} 年之内，核对年份")

    @staticmethod
    def label_of(name: str) -> str:
        """The label of a field that is made for a category or a place, for pages that give back what was typed."""
        part, _, rest = name.partition("_")
        category = dict(Category.choices).get(rest, "")
        if category and part in STRATUM_LABELS:
            return STRATUM_LABELS[part].format(category)
        place, _, which = rest.partition("_")
        if part == "source" and place.isdigit() and which in SOURCE_LABELS:
            return f"第 {int(place) + 1} 个随机数：{SOURCE_LABELS[which]}"
        return ""

    def as_plan_data(self) -> dict[str, Any]:
        """What `actions.save_plan` expects."""
        cleaned = self.cleaned_data
        return {
            **{name: cleaned[name] for name in OWN_FIELDS},
            "version": cleaned["version"],
            "strata": {category: self._stratum(category) for category in Category.values},
            "items": {
                item.code: {
                    **{category: cleaned[f"item_{item.code}_{category}"] for category in Category.values},
                    "mode": cleaned.get(f"mode_{item.code}") or item.modes,
                    "only_tag": cleaned[f"only_{item.code}"],
                }
                for item in self.offered
            },
            "sources": [
                {part: cleaned[f"source_{place}_{part}"] for part in ("kind", "label", "due")}
                for place in range(SOURCE_ROWS)
                if cleaned[f"source_{place}_kind"]
            ],
        }

    def _stratum(self, category: str) -> dict[str, int]:
        """Ratio and count follow each other: whichever was changed or stands alone leads; of two the larger count."""
        cleaned, there = self.cleaned_data, self.pools[category].N
        percent, planned = cleaned[f"percent_{category}"], cleaned[f"planned_{category}"]
        points = int((percent or 0) * 100)
        if planned is None or percent is None:
            ratio_changed, count_changed = planned is None, percent is None
        else:
            ratio_changed = str(cleaned[f"was_percent_{category}"]) != quotas.percent(points).rstrip("%")
            count_changed = str(cleaned[f"was_planned_{category}"]) != str(planned)
        if count_changed and not ratio_changed:
            law = policy.on(self.plan.quarter.first_day)
            floor = law.key_basis_points if category == Category.KEY else 0
            points = quotas.points_for(planned, there, floor) if there or percent is None else points
        elif ratio_changed and not count_changed:
            planned = quotas.share(there, points)
        elif ratio_changed and count_changed:
            planned = max(planned, quotas.share(there, points))
        return {
            "basis_points": points,
            "planned": planned,
            "reserved_percent": cleaned.get(f"reserved_{category}") or 0,
        }


class OpinionForm(forms.Form):
    opinion = fields.opinion("退回时写明哪里要改；批准时可以不填", "审核意见")


class ReviewForm(OpinionForm):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)  # what the reader had before him


class RevisionForm(forms.Form):
    reason = fields.text(
        "更改原因",
        max_length=rules.LONGEST_REASON,
        rows=3,
        help_text=f"随计划公开，不少于 {rules.SHORTEST_REASON} 个字",
        error_messages={"required": "写明更改的原因"},
    )
