"""What goes to 移动执法平台 and comes from it: who leads, the codes of both sides, packages, records, numbers, differences.

docs/exchange/ is the contract with the other side; what a package holds of names is never kept here (decision 0097).
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.locks import LockingQuerySet


class Side(models.TextChoices):
    """As the manifests write them."""

    OURS = "BXS", "本系统"
    PLATFORM = "MEP", "移动执法平台"


class Connection(models.Model):
    """对接设置 from a moment on: whether packages go to the platform, and whose record leads. Rows are added, never changed.

    The draw, its dates and publication always lead here, so there is no setting for them (decisions.md, 两个系统).
    """

    in_use = models.BooleanField("启用对接")
    tasks = models.CharField("任务以谁为准", max_length=3, choices=Side, default=Side.OURS)
    dispatch = models.CharField("派发以谁为准", max_length=3, choices=Side, default=Side.OURS)
    results = models.CharField("检查情况以谁为准", max_length=3, choices=Side, default=Side.OURS)
    key = models.CharField("移动执法平台的公钥", max_length=200, blank=True)  # age1…: packages go encrypted to it
    document = models.CharField("依据文件", max_length=100)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "移动执法平台对接设置"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(document=""),
                name="a_connection_names_its_document",
                violation_error_message="写明依据文件。",
            ),
        ]


class CodeKind(models.TextChoices):
    UNIT = "UNIT", "单位"
    ITEM = "ITEM", "抽查事项"
    OUTCOME = "OUTCOME", "检查结果"


class PlatformCode(models.Model):
    """对照: one of our codes and the platform's for the same thing; one for one on both sides while both stand."""

    kind = models.CharField("种类", max_length=7, choices=CodeKind)
    ours = models.CharField("本系统的编号", max_length=40)
    theirs = models.CharField("移动执法平台的编号", max_length=40)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="停用人")
    ended_at = models.DateTimeField("停用时间", null=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "移动执法平台编号对照"
        ordering = ["kind", "ours", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "ours"],
                condition=Q(ended_at__isnull=True),
                name="one_platform_code_of_ours",
                violation_error_message="本系统的这个编号已有对照，先停用原来的。",
            ),
            models.UniqueConstraint(
                fields=["kind", "theirs"],
                condition=Q(ended_at__isnull=True),
                name="one_code_of_ours_of_the_platform",
                violation_error_message="移动执法平台的这个编号已有对照，先停用原来的。",
            ),
            models.CheckConstraint(
                condition=~Q(ours="") & ~Q(theirs=""),
                name="a_platform_code_has_both_sides",
                violation_error_message="两边的编号都要填写。",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="a_platform_code_ends_by_somebody",
                violation_error_message="停用要写明由谁、在什么时候办的。",
            ),
        ]

    def __str__(self):
        return f"{self.ours} {self.theirs}"


class PackageState(models.TextChoices):
    EXPORTED = "EXPORTED", "已导出"
    ACCEPTED = "ACCEPTED", "已确认"
    REFUSED = "REFUSED", "被退回"
    REPLACED = "REPLACED", "已重传"
    TAKEN = "TAKEN", "已导入"


class OfTheCircle(LockingQuerySet):
    def visible_to(self, user):
        """Numbers of checks of unreleased draws are the circle's (decisions.md 3)."""
        return self.filter(unit__in=user.units_with(Permission.SEE_SEALED))


class ExchangePackage(models.Model):
    """A package by its number and fingerprint. Its content was handed over once and is not kept (docs/exchange/ 9)."""

    number = models.CharField("包号", max_length=24, unique=True)
    sender = models.CharField("发送方", max_length=3, choices=Side)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    previous = models.CharField("上一个包号", max_length=24, blank=True)
    digest = models.CharField("清单的指纹", max_length=64)
    size = models.PositiveBigIntegerField("字节")
    records = models.PositiveIntegerField("记录数")
    state = models.CharField("状态", max_length=8, choices=PackageState)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="导出或导入的人")
    at = models.DateTimeField("时间")
    reason = models.CharField("退回的原因", max_length=500, blank=True)
    # Of theirs: where its manifest says that another side leads than our setting does. Nothing is done by it; a person is told.
    leads_otherwise = models.CharField("写的和设定不一致", max_length=200, blank=True)
    settled_at = models.DateTimeField("确认或退回时间", null=True)
    # Of ours, the later one that holds it; of theirs, ours that answered it.
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    answered_in = models.ForeignKey("self", models.PROTECT, null=True, related_name="answers")

    KNOWN_BY = "number"  # to the trail and its readers

    objects = OfTheCircle.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "数据包"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["unit", "sender", "-number"], name="package_of_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(sender="MEP", state__in=["TAKEN", "REPLACED"]) | Q(sender="BXS") & ~Q(state="TAKEN"),
                name="a_package_is_taken_from_the_other_side",
                violation_error_message="只有移动执法平台的包是导入的。",
            ),
            models.CheckConstraint(
                condition=~Q(state="REFUSED") | ~Q(reason=""),
                name="a_refused_package_says_why",
                violation_error_message="写明退回的原因。",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("inspections:exchange-package", args=[self.number])


class PackageRefusal(models.Model):
    """A package of the platform that was not taken, and why: what the platform is told in the next package (docs/exchange/ 3.7).

    A number can be refused several times and taken in the end; the newest word on it is what is told. Its content is not kept.
    """

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    number = models.CharField("包号", max_length=24)
    digest = models.CharField("清单的指纹", max_length=64)
    reason_code = models.CharField("退回的代码", max_length=20)
    reason = models.CharField("退回的原因", max_length=500)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="导入的人")
    at = models.DateTimeField("时间")
    told_in = models.ForeignKey(ExchangePackage, models.PROTECT, null=True, related_name="+", verbose_name="告知的包")
    # Such as a file that the platform never sent: it would refuse every package that speaks of it.
    dropped_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="不回复")
    dropped_at = models.DateTimeField("不回复的时间", null=True)

    KNOWN_BY = "number"

    objects = OfTheCircle.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "没有导入的数据包"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["unit", "number"], name="refusal_of_package")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="a_refusal_says_why",
                violation_error_message="写明没有导入的原因。",
            ),
            models.CheckConstraint(
                condition=Q(dropped_by__isnull=True, dropped_at__isnull=True)
                | Q(dropped_by__isnull=False, dropped_at__isnull=False),
                name="a_dropped_refusal_says_by_whom",
                violation_error_message="不回复要写明由谁、在什么时候登记的。",
            ),
        ]

    def __str__(self):
        return self.number


class RecordState(models.TextChoices):
    EXPORTED = "EXPORTED", "已导出"
    ACCEPTED = "ACCEPTED", "已确认"
    REFUSED = "REFUSED", "被退回"
    AGAIN = "AGAIN", "已重传"
    TAKEN = "TAKEN", "已导入"


class RecordKind(models.TextChoices):
    """As the files of a package are called, in their order (docs/exchange/ 1)."""

    TASKS = "tasks", "任务"
    TEAMS = "teams", "派发"
    NOTICES = "notices", "通知书"
    RESULTS = "results", "检查情况"
    EVIDENCE = "evidence", "证据索引"
    FOLLOWUPS = "followups", "后续处理"
    ACKS = "acks", "回执"


class ExchangeRecord(models.Model):
    """One record in one package: its name, version and fingerprint, and what the platform said of it. Never its content."""

    package = models.ForeignKey(ExchangePackage, models.PROTECT, related_name="lines", verbose_name="数据包")
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    inspection = models.ForeignKey(
        "inspections.Inspection", models.PROTECT, null=True, related_name="exchanged", verbose_name="检查"
    )
    # Of theirs, where it was given back by itself: the task begun there that it speaks of.
    platform_task = models.ForeignKey(
        "inspections.PlatformTask", models.PROTECT, null=True, related_name="given_back", verbose_name="平台任务"
    )
    kind = models.CharField("种类", max_length=9, choices=RecordKind)
    key = models.CharField("记录", max_length=160)
    version = models.PositiveIntegerField("版次")
    digest = models.CharField("指纹", max_length=64)
    state = models.CharField("状态", max_length=8, choices=RecordState)
    reason_code = models.CharField("退回的代码", max_length=20, blank=True)
    reason = models.CharField("退回的原因", max_length=500, blank=True)
    settled_at = models.DateTimeField("确认或退回时间", null=True)
    settled_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    objects = OfTheCircle.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "交换的记录"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["unit", "kind", "key"], name="exchanged_record"),
            # What waits is counted at the door of every page, among years of records that are settled.
            models.Index(
                fields=["unit", "state"], condition=Q(state__in=["EXPORTED", "REFUSED"]), name="open_exchanged_record"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["package", "kind", "key"],
                name="a_record_stands_once_in_a_package",
                violation_error_message="这条记录在包里已经有了。",
            ),
            models.CheckConstraint(
                condition=~Q(state="REFUSED") | ~Q(reason=""),
                name="a_refused_record_says_why",
                violation_error_message="写明退回的原因。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ACCEPTED", "REFUSED"], settled_at__isnull=False, settled_by__isnull=False)
                | Q(state__in=["EXPORTED", "TAKEN"], settled_at__isnull=True, settled_by__isnull=True)
                | Q(state="AGAIN"),
                name="a_settled_record_names_who_entered_it",
                violation_error_message="确认和退回要写明由谁、在什么时候登记的。",
            ),
        ]

    def __str__(self):
        return self.key


class PlatformState(models.TextChoices):
    WAITING = "WAITING", "待处理"
    LINKED = "LINKED", "已对应"
    DECLINED = "DECLINED", "不接收"
    CANCELLED = "CANCELLED", "平台已取消"


class PlatformTask(models.Model):
    """A task by the platform's number: ours that was given one, or one begun there, which a person here takes up or declines."""

    number = models.CharField("移动执法平台编号", max_length=40, unique=True)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    inspection = models.OneToOneField(
        "inspections.Inspection", models.PROTECT, null=True, related_name="platform_task", verbose_name="检查"
    )
    # Begun there: the facility, and the task as it came (docs/exchange/ 3.1) for whoever takes it up.
    facility = models.ForeignKey(
        "registry.Facility", models.PROTECT, null=True, related_name="+", verbose_name="检查对象"
    )
    content = models.JSONField("任务内容", null=True)
    package = models.ForeignKey(ExchangePackage, models.PROTECT, null=True, related_name="+", verbose_name="来自")
    state = models.CharField("状态", max_length=9, choices=PlatformState)
    came_at = models.DateTimeField("来的时间")
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    decided_at = models.DateTimeField("办理时间", null=True)
    reason = models.CharField("不接收的原因", max_length=200, blank=True)
    told_in = models.ForeignKey(ExchangePackage, models.PROTECT, null=True, related_name="+", verbose_name="告知的包")

    objects = OfTheCircle.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "移动执法平台的任务"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["unit"], condition=Q(state="WAITING"), name="waiting_platform_task")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="LINKED", inspection__isnull=False, decided_at__isnull=False)
                | ~Q(state="LINKED") & Q(inspection__isnull=True),
                name="a_linked_task_has_its_check",
                violation_error_message="对应的任务要写明是哪一次检查。",
            ),
            models.CheckConstraint(
                condition=~Q(state="DECLINED") | ~Q(reason="") & Q(decided_by__isnull=False),
                name="a_declined_task_says_why",
                violation_error_message="写明不接收的原因。",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("inspections:platform-task", args=[self.number])

    @property
    def begun_there(self) -> bool:
        return self.content is not None

    @property
    def place_name(self) -> str:
        """As the platform calls it, as long as the registry does not have it."""
        return self.facility.name if self.facility else self.content["facility"]["name"]


class DifferenceState(models.TextChoices):
    OPEN = "OPEN", "待决定"
    OURS = "OURS", "以本系统为准"
    THEIRS = "THEIRS", "以平台为准"


class PlatformDifference(models.Model):
    """Where the platform's record of a check says otherwise than ours; a person decides, and nothing is overwritten."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    inspection = models.ForeignKey(
        "inspections.Inspection", models.PROTECT, related_name="platform_differences", verbose_name="检查"
    )
    package = models.ForeignKey(ExchangePackage, models.PROTECT, related_name="+", verbose_name="来自")
    kind = models.CharField("种类", max_length=9, choices=RecordKind)
    field = models.CharField("哪一项", max_length=40)
    ours = models.TextField("本系统", blank=True, max_length=2000)
    theirs = models.TextField("移动执法平台", blank=True, max_length=2000)
    state = models.CharField("决定", max_length=6, choices=DifferenceState, default=DifferenceState.OPEN)
    words = models.CharField("说明", max_length=200, blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间", null=True)

    objects = OfTheCircle.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "两边的差异"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["unit"], condition=Q(state="OPEN"), name="open_platform_difference")]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "kind", "field"],
                condition=Q(state="OPEN"),
                name="one_open_difference_of_a_field",
                violation_error_message="这一项已有差异待决定。",
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state="OPEN") & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(words=""),
                name="a_decided_difference_says_by_whom_and_why",
                violation_error_message="写明由谁、在什么时候决定，以及说明。",
            ),
        ]

    def __str__(self):
        return f"{self.inspection.no} {self.field}"
