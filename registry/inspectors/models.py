"""检查人员名录库 (六(三)) and absences."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.locks import LockingQuerySet
from registry.facilities.models import Scope


class Employment(models.TextChoices):
    IN_POST = "IN_POST", "在编在岗"
    OFF_POST = "OFF_POST", "在编不在岗"
    CONTRACT = "CONTRACT", "非在编"


class Expertise(models.TextChoices):
    """业务专长 (domain.md 4.6)."""

    WATER = "WATER", "水"
    AIR = "AIR", "气"
    SOLID = "SOLID", "固废"
    HAZWASTE = "HAZWASTE", "危废"
    RADIATION = "RADIATION", "辐射"
    EIA = "EIA", "环评"
    MONITORING = "MONITORING", "监测"
    EMERGENCY = "EMERGENCY", "应急"
    LEGAL = "LEGAL", "法制"


class CertificateKind(models.TextChoices):
    NATIONAL = "NATIONAL", "全国统一"
    MINISTRY = "MINISTRY", "部颁"


class CertificateStatus(models.TextChoices):
    VALID = "VALID", "有效"
    SUSPENDED = "SUSPENDED", "暂扣"
    REVOKED = "REVOKED", "注销"


class InspectorQuerySet(LockingQuerySet):
    def certified(self, first, last=None):
        """Those whose certificate is valid, and neither withheld nor cancelled, on every day from `first` to `last`."""
        return self.filter(
            ~Q(certificate_no=""),
            certificate_status=CertificateStatus.VALID,
            certificate_from__lte=first,
            certificate_to__gte=last or first,
        )

    def visible_to(self, user):
        """A unit sees its own people and those of the section that serves it (A-17); an inspector sees himself."""
        return self.filter(_of_units(user.units_with(Permission.SEE_INSPECTORS)) | Q(user=user))

    def of_units(self, units):
        """Those of these units and of the sections that serve them."""
        return self.filter(_of_units(units))


def _of_units(units):
    served = Q(unit__serves__in=units) | Q(unit__kind=UnitKind.HQ_SECTION, unit__parent__in=units)
    return Q(unit__in=units) | served


class Inspector(models.Model):
    """检查人员. People without a certificate are listed, and never drawn (六(三)-b, -c; N-2)."""

    code = models.CharField("人员编号", max_length=16, unique=True)  # SSJ1 inspector code
    name = models.CharField("姓名", max_length=40)
    gender = models.CharField("性别", max_length=1, choices=[("M", "男"), ("F", "女")], blank=True)  # never public
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="inspectors", verbose_name="科室（单位）")
    division_code = models.CharField("行政区域", max_length=6, blank=True)
    position = models.CharField("职务", max_length=40, blank=True)
    post = models.CharField("部门岗位", max_length=40, blank=True)
    # The certificate in use today, computed from the rows of InspectorCertificate; the draw and the visit read these.
    certificate_no = models.CharField("执法证号", max_length=24, blank=True)
    certificate_kind = models.CharField("证件类型", max_length=8, choices=CertificateKind, blank=True)
    certificate_from = models.DateField("执法证有效期起", null=True, blank=True)
    certificate_to = models.DateField("执法证有效期止", null=True, blank=True)
    certificate_status = models.CharField(
        "执法证状态", max_length=9, choices=CertificateStatus, default=CertificateStatus.VALID
    )
    enforcement_kinds = models.CharField("监管执法类型（范围）", max_length=200, blank=True)
    scopes = ArrayField(
        models.CharField(max_length=4, choices=Scope), verbose_name="专业资格", default=list, blank=True
    )
    scope_basis = models.CharField("专业资格依据", max_length=200, blank=True)
    can_lead = models.BooleanField("可任组长", default=False)
    employment = models.CharField("在编在岗", max_length=8, choices=Employment, default=Employment.IN_POST)
    entered_service_on = models.DateField("参加执法工作日期", null=True, blank=True)
    expertise = ArrayField(
        models.CharField(max_length=10, choices=Expertise), verbose_name="业务专长", default=list, blank=True
    )
    field_of_study = models.CharField("专业类别", max_length=60, blank=True)
    left_on = models.DateField("调离日期", null=True, blank=True)
    user = models.OneToOneField(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="inspector", verbose_name="账号"
    )
    search_text = models.TextField(editable=False, default="")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = InspectorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查人员"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate_no"],
                condition=~Q(certificate_no=""),
                name="one_inspector_per_certificate",
                violation_error_message="该执法证号已属于另一名检查人员。",
            ),
            models.CheckConstraint(
                condition=Q(certificate_no="") | Q(certificate_no__regex=r"^[0-9A-Z-]{6,24}$"),
                name="certificate_number_has_6_to_24_characters",
            ),
            models.CheckConstraint(
                condition=Q(certificate_no="", certificate_to__isnull=True)
                | (
                    ~Q(certificate_no="")
                    & Q(certificate_from__isnull=False)
                    & Q(certificate_to__gte=models.F("certificate_from"))
                ),
                name="certificate_has_a_validity",
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^[^\s,|]{1,16}$"), name="inspector_code_fits_ssj1"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("registry:inspector-detail", args=[self.code])

    def certified_on(self, day) -> bool:
        """Whether the certificate is valid on that day (A-24)."""
        return bool(
            self.certificate_no
            and self.certificate_status == CertificateStatus.VALID
            and self.certificate_from <= day <= self.certificate_to
        )

    def years_of_service(self, day) -> int | None:
        """工作年限 in full years, from the day of entering enforcement work (六(三)-l)."""
        start = self.entered_service_on
        return start and day.year - start.year - ((day.month, day.day) < (start.month, start.day))


class AbsenceKind(models.TextChoices):
    """SSJ1 ISTATE."""

    LEAVE = "LEAVE", "请假"
    POST = "POST", "调离执法岗位"
    DUTY = "DUTY", "其他公务"


class InspectorAbsence(models.Model):
    inspector = models.ForeignKey(Inspector, models.CASCADE, related_name="absences")
    kind = models.CharField("原因", max_length=5, choices=AbsenceKind)
    starts_on = models.DateField("起始日")
    ends_on = models.DateField("截止日", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField("登记时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "离岗"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="absence_does_not_end_before_it_starts",
            )
        ]


class InspectorChangeKind(models.TextChoices):
    """Why the registry of people changes (六(三)-i)."""

    NEW = "NEW", "新增"
    TRANSFER_IN = "TRANSFER_IN", "调入"
    TRANSFER_OUT = "TRANSFER_OUT", "调离"
    POST = "POST", "岗位调整"
    CERTIFICATE = "CERTIFICATE", "证件变更"
    QUALIFIED = "QUALIFIED", "资格变更"
    CHANGED = "CHANGED", "资料变更"
    ABSENCE = "ABSENCE", "离岗"
    BACK = "BACK", "返岗"
    WITHDRAWN = "WITHDRAWN", "撤回导入"


class InspectorChange(models.Model):
    """One change in the inspector registry; insert-only (六(三)-i)."""

    inspector = models.ForeignKey(Inspector, models.DO_NOTHING, db_constraint=False, related_name="changes")
    inspector_code = models.CharField(max_length=16, db_index=True)
    kind = models.CharField("变更", max_length=14, choices=InspectorChangeKind)
    effective_on = models.DateField("生效日期")
    reason = models.CharField("原因", max_length=200)
    values = models.JSONField("变更内容", default=dict)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    batch = models.ForeignKey("registry.ImportBatch", models.PROTECT, null=True, related_name="inspector_changes")
    at = models.DateTimeField("登记时间")
    # Written by a trigger: the entries of one record are numbered from 1, and each digest holds the one before it.
    seq = models.PositiveIntegerField("序号", db_default=0, editable=False)
    digest = models.CharField("指纹", max_length=64, db_default="", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "检查人员变更"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["inspector", "seq"], name="inspector_history_has_no_fork")]
