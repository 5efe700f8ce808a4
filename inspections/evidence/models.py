"""What proves a visit: files under their SHA-256, samples, the recorders and what they recorded (四(3)-b, 七(五)-h)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.locks import LockingQuerySet
from inspections.checks.models import CheckAnswer, Inspection


class EvidenceKind(models.TextChoices):
    PHOTO = "PHOTO", "现场照片"
    SCAN = "SCAN", "扫描件"
    VIDEO = "VIDEO", "现场视频"


class EvidenceQuerySet(models.QuerySet):
    def standing(self):
        """Without what was struck out: that counts no longer, but stays (四(3)-b)."""
        return self.filter(struck__isnull=True)

    def in_circle_of(self, user):
        """Photographs of a place are the team's, and the planner's, leader's and supervisor's; never public (decisions.md 3)."""
        return self.filter(inspection__in=Inspection.objects.in_circle_of(user))


class Evidence(models.Model):
    """One photograph, scan or short video as it was received; the row never changes, also when it is struck out.

    `taken_at` is reckoned by the server's clock from what the phone said (`device_at`); both are kept. The place is the
    phone's, apart from the picture; `distance_m` is to the registered coordinates as they were on that day.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="evidence", verbose_name="检查")
    point = models.ForeignKey(
        CheckAnswer, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name="检查点"
    )
    kind = models.CharField("种类", max_length=8, choices=EvidenceKind)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+", verbose_name="文件")
    small = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="小图")
    words = models.CharField("说明", max_length=100, blank=True)
    taken_at = models.DateTimeField("拍摄时间")
    device_at = models.DateTimeField("手机上的时间", null=True)
    hashed_by_device = models.BooleanField("手机算过指纹", default=False)
    original_size = models.PositiveBigIntegerField("缩小以前的字节", null=True)
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=6, null=True)
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True)
    accuracy_m = models.PositiveIntegerField("误差（米）", null=True)
    distance_m = models.PositiveIntegerField("距登记地址（米）", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁拍的")
    kept_at = models.DateTimeField("收到时间")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "证据"
        ordering = ["taken_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True, distance_m__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="a_place_has_both_coordinates",
                violation_error_message="经度和纬度一起填写。",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.sha256[:12]}"

    @property
    def sha256(self) -> str:
        return self.file.sha256


class CustodyAct(models.TextChoices):
    LOOKED = "LOOKED", "查看"
    DOWNLOADED = "DOWNLOADED", "下载"


class Custody(models.Model):
    """Who had a piece of evidence before his eyes or took a copy of it, and when. Written once (四(3)-b)."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="custody", verbose_name="证据")
    act = models.CharField("动作", max_length=10, choices=CustodyAct)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "证据查看记录"
        ordering = ["-at", "-pk"]


class Medium(models.TextChoices):
    """What a sample is of."""

    WATER = "WATER", "废水、地表水或地下水"
    AIR = "AIR", "废气或环境空气"
    SOIL = "SOIL", "土壤或沉积物"
    WASTE = "WASTE", "固体废物"
    NOISE = "NOISE", "噪声"
    OTHER = "OTHER", "其他"


class SampleQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(struck__isnull=True)


class Sample(models.Model):
    """采样取证登记: one sample taken on the spot, as 采样取证登记单 asks for it."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="samples", verbose_name="检查")
    no = models.CharField("样品编号", max_length=40)
    medium = models.CharField("样品种类", max_length=5, choices=Medium)
    place = models.CharField("采样位置", max_length=100)
    amount = models.CharField("数量", max_length=60)
    taken_at = models.DateTimeField("采样时间")
    preserved = models.CharField("保存方法", max_length=100, blank=True)
    tested_for = models.CharField("检测项目", max_length=200)
    sent_to = models.CharField("送检单位", max_length=80, blank=True)
    witness = models.CharField("被检查单位在场人", max_length=40, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁登记的")
    recorded_at = models.DateTimeField("登记时间")

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采样记录"
        ordering = ["taken_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "no"],
                name="a_sample_has_a_number_of_its_own",
                violation_error_message="这次检查里已有这个样品编号。",
            ),
        ]

    def __str__(self):
        return self.no


class Struck(models.Model):
    """划去: a photograph, scan, video or sample that does not belong to the visit after all, with who said so and why.

    Nothing is deleted: what is struck out stays under its hash, in the custody log and in the nightly re-hash, but stands
    on no paper and among no point's proofs. Written once (四(3)-b).
    """

    evidence = models.OneToOneField(Evidence, models.PROTECT, null=True, related_name="struck", verbose_name="证据")
    sample = models.OneToOneField(Sample, models.PROTECT, null=True, related_name="struck", verbose_name="采样")
    reason = models.CharField("划去的原因", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁划去的")
    at = models.DateTimeField("划去时间")

    class Meta:
        verbose_name = verbose_name_plural = "划去的证据"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(evidence__isnull=False, sample__isnull=True)
                | Q(evidence__isnull=True, sample__isnull=False),
                name="one_thing_is_struck_out_at_a_time",
                violation_error_message="一次划去一件证据或者一份采样。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="what_is_struck_out_says_why",
                violation_error_message="写明划去的原因。",
            ),
        ]


class RecorderQuerySet(LockingQuerySet):
    def visible_to(self, user):
        """A unit's devices: who dispatches and who works in the field there (七(五)-h)."""
        return self.filter(unit__in=user.units_with(Permission.SEE_SEALED) | user.units_with(Permission.FIELD_WORK))


class Recorder(models.Model):
    """执法记录仪 of a unit: its number, whether it is in use and who keeps it (七(五)-h)."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="recorders", verbose_name="单位")
    no = models.CharField("编号", max_length=40)
    model = models.CharField("型号", max_length=60, blank=True)
    serial = models.CharField("出厂编号", max_length=60, blank=True)
    keeper = models.ForeignKey(
        "registry.Inspector", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="保管人"
    )
    in_use = models.BooleanField("在用", default=True)
    why_not_in_use = models.CharField("停用原因", max_length=100, blank=True)

    objects = RecorderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "执法记录仪"
        ordering = ["-in_use", "no"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "no"],
                name="a_recorder_is_once_in_a_unit",
                violation_error_message="本单位已有这个编号的执法记录仪。",
            ),
            models.CheckConstraint(
                condition=Q(in_use=True) | ~Q(why_not_in_use=""),
                name="a_recorder_out_of_use_says_why",
                violation_error_message="写明停用原因。",
            ),
        ]

    def __str__(self):
        return self.no


class Told(models.TextChoices):
    """How it is known that something was recorded: said on the spot, or read from the device after the visit."""

    SPOT = "SPOT", "现场登记"
    DEVICE = "DEVICE", "从记录仪读出"


class Recording(models.Model):
    """One stretch that a recorder ran during a visit (七(五)-h). Without an end it still runs."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="recordings", verbose_name="检查")
    recorder_no = models.CharField("记录仪编号", max_length=40)
    told = models.CharField("来源", max_length=6, choices=Told)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束", null=True)
    file_name = models.CharField("录像文件", max_length=120, blank=True)
    sha256 = models.CharField("录像指纹", max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁登记的")
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "执法记录仪录像"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="a_recording_does_not_end_before_it_starts",
                violation_error_message="录像的结束时间早于开始时间。",
            ),
            models.CheckConstraint(
                condition=Q(told="SPOT") | Q(ends_at__isnull=False) & ~Q(file_name=""),
                name="what_the_device_holds_has_an_end_and_a_name",
                violation_error_message="从记录仪读出的录像写明结束时间和文件名。",
            ),
            models.UniqueConstraint(
                fields=["inspection", "recorder_no"],
                condition=Q(ends_at__isnull=True),
                name="a_recorder_runs_once_at_a_time",
                violation_error_message="这台记录仪正在录。",
            ),
            models.UniqueConstraint(
                fields=["inspection", "file_name"],
                condition=Q(told="DEVICE"),
                name="a_recording_is_entered_once",
                violation_error_message="这段录像已经登记。",
            ),
        ]

    def __str__(self):
        return f"{self.recorder_no} {self.starts_at:%H:%M}"


class RecordingGap(models.Model):
    """Why part of a visit was not recorded. Written once (七(五)-h)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="recording_gaps", verbose_name="检查")
    starts_at = models.DateTimeField("从")
    ends_at = models.DateTimeField("到")
    reason = models.CharField("原因", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁写的")
    at = models.DateTimeField("写明时间")

    class Meta:
        verbose_name = verbose_name_plural = "没有录像的时段"
        ordering = ["starts_at", "pk"]
