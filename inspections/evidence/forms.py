"""Forms of a visit's evidence and of the register of recorders. They read; the rules decide."""

from datetime import timedelta

from django import forms

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.forms import fields
from inspections.models import EvidenceKind, Medium, Recorder

from . import device, rules

HEX = r"^[0-9a-fA-F]{64}$"


def _told() -> forms.CharField:
    """What the phone adds by itself."""
    return forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


def as_on_the_housing(field: forms.Field, registered) -> None:
    """The browser asks what `rules.why_not_number` asks, so that nothing else is kept on a phone without a network; a unit
    with a register is held to its numbers instead, however they look."""
    if not registered:
        field.widget.attrs |= {"pattern": rules.RECORDER_NO, "title": rules.RECORDER_NO_WORDS}


class EvidenceForm(forms.Form):
    """One photograph or scan; the rest is what the phone says about it, or nothing."""

    kind = forms.ChoiceField(choices=EvidenceKind.choices, widget=forms.HiddenInput, initial=EvidenceKind.PHOTO)
    point = forms.ModelChoiceField(
        label="检查点",
        queryset=None,
        required=False,
        empty_label="不属于哪一点",
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"invalid_choice": "这次检查没有这个检查点。"},
    )
    words = fields.text("说明", max_length=100, required=False, help_text="拍的是什么、在哪里。")
    file = fields.file("照片", accept="image/jpeg,image/png")
    sha256, taken_at, latitude, longitude, accuracy, original_size = (_told() for _ in range(6))
    from_check = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, inspection, skew: timedelta = timedelta(), **kwargs):
        super().__init__(*args, **kwargs)
        self.skew = skew
        self.fields["point"].queryset = inspection.answers.order_by("item_code", "number")
        self.fields["point"].label_from_instance = lambda point: f"{point.item_name}　{point.text}"
        self.limits = ""
        self.of_kind = self.data.get("kind") or self.initial.get("kind")
        if self.of_kind not in EvidenceKind.values:
            self.of_kind = EvidenceKind.PHOTO
        shown = self.fields["file"]
        shown.label = rules.word_for(self.of_kind)
        if self.of_kind == EvidenceKind.SCAN:
            shown.widget.attrs["accept"] = "application/pdf,image/jpeg,image/png"
            return
        shown.widget.attrs |= {"capture": "environment", "data-photo": ""}
        if self.of_kind == EvidenceKind.VIDEO:
            limits = policy.on(clock.today()).recommended
            shown.widget.attrs |= {
                "accept": "video/mp4,video/webm,video/3gpp",
                "data-most": limits.video_most_megabytes,
            }
            self.limits = (
                f"视频最多 {limits.video_most_seconds} 秒、{limits.video_most_megabytes} MB，MP4、WebM 或 3GP。"
            )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if reason := rules.why_too_large(self.of_kind, file.size):
            raise forms.ValidationError(reason)  # before it is read
        return file.name, file.read()

    def clean(self):
        """What the action takes: name and bytes, the moment by our clock, the place."""
        typed = super().clean()
        if "file" not in typed:
            return typed
        name, content = typed.pop("file")
        device_at = device.moment(typed.pop("taken_at"))
        size = typed.pop("original_size")
        return {
            "kind": typed.get("kind", EvidenceKind.PHOTO),
            "point": typed.get("point"),
            "words": typed["words"],
            "sha256": typed["sha256"],
            "name": name,
            "content": content,
            "device_at": device_at,
            "taken_at": device.by_our_clock(device_at, self.skew, clock.now()),
            "place": device.place(typed["latitude"], typed["longitude"], typed["accuracy"]),
            "original_size": int(size) if size.isascii() and size.isdecimal() and len(size) < 16 else None,
        }


class StopForm(forms.Form):
    recorder_no = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    at = fields.moment_of_now("停止时间")


class RunForm(forms.Form):
    recorder_no = fields.text("执法记录仪编号", max_length=40)
    at = fields.moment_of_now("开始时间")

    def __init__(self, *args, registered=(), **kwargs):
        super().__init__(*args, **kwargs)
        as_on_the_housing(self.fields["recorder_no"], registered)


class RecordingForm(forms.Form):
    """One file of the device (七(五)-h); its hash where the docking station tells it."""

    recorder_no = fields.text("执法记录仪编号", max_length=40)
    file_name = fields.text("录像文件名", max_length=120, help_text="记录仪或采集站里的文件名。")
    starts_at = fields.picked_moment("开始时间")
    ends_at = fields.picked_moment("结束时间")
    sha256 = forms.RegexField(
        HEX,
        label="录像指纹（SHA-256）",
        required=False,
        widget=fields.box(),
        help_text="采集站能算出的填上，64 位。",
        error_messages={"invalid": "指纹是 64 位数字和字母 a 到 f，照采集站显示的抄写"},
    )


class GapForm(forms.Form):
    reason = fields.text("没有录像的原因", rows=2, help_text="例如电池用尽、进入防爆区域关机。")


class StrikeForm(forms.Form):
    reason = fields.text("划去的原因", rows=2, help_text="例如拍错了地方、拍到无关的人、编号登错。")


class SampleForm(forms.Form):
    """采样取证登记单."""

    no = fields.text("样品编号", max_length=40)
    medium = fields.choice("样品种类", Medium.choices)
    place = fields.text("采样位置", max_length=100)
    amount = fields.text("数量", max_length=60, help_text="例如 2 瓶，各 500 毫升。")
    taken_at = fields.moment_of_now("采样时间")
    tested_for = fields.text("检测项目", max_length=200)
    preserved = fields.text("保存方法", max_length=100, required=False)
    sent_to = fields.text("送检单位", max_length=80, required=False)
    witness = fields.text("被检查单位在场人", max_length=40, required=False)


class RecorderForm(forms.Form):
    """One device of the register."""

    no = fields.text("编号", max_length=40, help_text="写在机身上、现场登记用的编号。")
    model = fields.text("型号", max_length=60, required=False)
    serial = fields.text("出厂编号", max_length=60, required=False)
    keeper = forms.ModelChoiceField(
        label="保管人",
        queryset=None,
        required=False,
        empty_label="没有固定保管人",
        widget=forms.Select(attrs={"class": "in"}),
    )
    in_use = forms.BooleanField(label="在用", required=False, widget=forms.CheckboxInput(attrs={"class": "ck"}))
    why_not_in_use = fields.text("停用原因", max_length=100, required=False)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["keeper"].queryset = people

    @staticmethod
    def of(recorder: Recorder) -> dict:
        names = ("no", "model", "serial", "keeper", "in_use", "why_not_in_use")
        return {name: getattr(recorder, name) for name in names}
