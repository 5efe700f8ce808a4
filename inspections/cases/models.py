"""案件: filed on the word of two people, decided within its days, ended (八(二)-e; 行政处罚法 54, 57, 58, 60)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another
from inspections.checks.models import Inspection
from inspections.followups.models import ANOTHER, DecisionOfACheck


class CaseState(models.TextChoices):
    ASKED = State.ASKED.value, "待批准立案"
    APPROVED = State.APPROVED.value, "办理中"
    RETURNED = State.RETURNED.value, "不予立案"
    DECIDED = "DECIDED", "已作出决定"
    ENDED = "ENDED", "已结案"


class Origin(models.TextChoices):
    RESULT = "RESULT", "检查发现"
    RECTIFICATION = "RECTIFY", "责令改正没有改"


class ReviewGround(models.TextChoices):
    """When nothing is decided without 法制审核: the closed list of 行政处罚法 58."""

    PUBLIC = "PUBLIC", "涉及重大公共利益"
    HEARING = "HEARING", "直接关系重大权益，经过听证程序"
    COMPLEX = "COMPLEX", "案件情况疑难复杂、涉及多个法律关系"
    BY_LAW = "BY_LAW", "法律、法规规定应当进行法制审核"


class DiscussionGround(models.TextChoices):
    """When a penalty is decided by the heads together: the closed list of 生态环境行政处罚办法 52 (行政处罚法 57)."""

    COMPLEX = "COMPLEX", "情况疑难复杂、涉及多个法律关系"
    AMOUNT = "AMOUNT", "拟罚款、没收的数额达到标准"
    PERMIT = "PERMIT", "拟吊销许可证件，或者一定时期内不得申请行政许可"
    CLOSURE = "CLOSURE", "拟责令停产停业、停产整治、关闭，或者限制、禁止从业"
    OTHER = "OTHER", "负责人认为应当集体讨论"


class Verdict(models.TextChoices):
    """What the head of the body decides: the closed list of 行政处罚法 57."""

    PENALTY = "PENALTY", "行政处罚"
    MINOR = "MINOR", "违法行为轻微，不予行政处罚"
    UNFOUNDED = "UNFOUNDED", "违法事实不能成立，不予行政处罚"
    CRIME = "CRIME", "涉嫌犯罪，移送司法机关"


class Degree(models.TextChoices):
    """失信的程度: by it goes how long a penalty stays public (信用修复管理办法)."""

    SLIGHT = "SLIGHT", "轻微"
    COMMON = "COMMON", "一般"
    SERIOUS = "SERIOUS", "严重"


class CaseActKind(models.TextChoices):
    """What is asked for in a case and decided by another."""

    EXTENSION = "EXTENSION", "延长办案期限"
    EXCLUDED = "EXCLUDED", "不计入办案期限"
    REVIEW = "REVIEW", "法制审核"
    DISCUSSED = "DISCUSSED", "集体讨论"
    VERDICT = "VERDICT", "处理决定"
    ENDING = "ENDING", "结案"


class CaseQuerySet(DecisionOfACheck):
    def filed(self):
        return self.filter(filed_on__isnull=False)


class Case(Decision):
    """One case. Who asked for it handles it; what is decided in it are its `acts`."""

    later = ("review_ground",)

    no = models.CharField("编号", max_length=32, unique=True)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="cases", verbose_name="检查")
    origin = models.CharField("来由", max_length=7, choices=Origin)
    matter = models.CharField("案由", max_length=200)
    basis = models.CharField("涉嫌违反的条款", max_length=300)
    review_ground = models.CharField("应当法制审核的理由", max_length=7, choices=ReviewGround, blank=True)
    state = models.CharField("状态", max_length=9, choices=CaseState, default=CaseState.ASKED)
    document_no = models.CharField("立案文号", max_length=60, blank=True)
    filed_on = models.DateField("立案日期", null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "案件"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another(ANOTHER, opinion="不予立案的，写明理由。"),
            models.UniqueConstraint(
                fields=["inspection"],
                condition=~Q(state="RETURNED"),
                name="one_case_of_a_check",
                violation_error_message="这次检查已有一件案件。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ASKED", "RETURNED"], filed_on__isnull=True)
                | Q(state__in=["APPROVED", "DECIDED", "ENDED"], filed_on__isnull=False) & ~Q(document_no=""),
                name="a_filed_case_has_its_day_and_number",
                violation_error_message="批准立案要写明立案文号。",
            ),
        ]

    def __str__(self):
        return self.no

    def get_absolute_url(self):
        return reverse("inspections:case", args=[self.no])

    @property
    def standing(self) -> list["CaseAct"]:
        """What was approved in it, the oldest first; asks the database only where nobody has fetched it."""
        return sorted((a for a in self.acts.all() if a.state == State.APPROVED), key=lambda a: (a.decided_at, a.pk))

    def last(self, kind: str) -> "CaseAct | None":
        return next((act for act in reversed(self.standing) if act.kind == kind), None)

    @property
    def verdict(self) -> "CaseAct | None":
        return self.last(CaseActKind.VERDICT)


class ActQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        return self.filter(case__in=Case.objects.visible_to(user))


class CaseAct(Decision):
    """One thing of a case that a second person decides. What its kind does not need stays empty.

    集体讨论 is held on `first_day` by `participants`, `reason` is its conclusion, and a leader confirms the record.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="acts", verbose_name="案件")
    kind = models.CharField("事项", max_length=9, choices=CaseActKind)
    reason = models.CharField("理由", max_length=500)
    first_day = models.DateField("起", null=True)
    last_day = models.DateField("止", null=True)
    participants = models.CharField("参加讨论的人", max_length=200, blank=True)
    discussion_ground = models.CharField("应当集体讨论的理由", max_length=7, choices=DiscussionGround, blank=True)
    verdict = models.CharField("决定", max_length=9, choices=Verdict, blank=True)
    degree = models.CharField("失信程度", max_length=7, choices=Degree, blank=True)
    public_words = models.CharField("公开的决定内容", max_length=200, blank=True)
    state = models.CharField("状态", max_length=9, choices=State, default=State.ASKED)
    document_no = models.CharField("文号", max_length=60, blank=True)
    qualification = models.CharField("法制审核人员的资格", max_length=60, blank=True)
    effective_on = models.DateField("生效日期", null=True)
    file = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="文书扫描件"
    )

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "案件事项"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another(ANOTHER, opinion="不批准的，写明意见。"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state="ASKED"),
                name="one_pending_act_of_a_case",
                violation_error_message="这件案件已有一项等批准，办完再提下一项。",
            ),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(state="APPROVED", kind__in=["VERDICT", "ENDING"]),
                name="a_case_is_decided_and_ended_once",
                violation_error_message="这件案件已经作出决定，不能再作一次。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="EXCLUDED") | Q(first_day__isnull=False, last_day__gte=F("first_day")),
                name="days_that_do_not_count_have_both_ends",
                violation_error_message="写明不计入的起止日期，止日不早于起日。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="DISCUSSED") | Q(first_day__isnull=False) & ~Q(participants=""),
                name="a_discussion_has_its_day_and_people",
                violation_error_message="写明集体讨论的日期和参加的负责人。",
            ),
            models.CheckConstraint(
                condition=Q(kind="VERDICT") ^ Q(verdict=""),
                name="a_verdict_says_which",
                violation_error_message="选择作出哪一种决定。",
            ),
            models.CheckConstraint(
                condition=Q(verdict="PENALTY") ^ Q(degree=""),
                name="a_penalty_says_how_serious",
                violation_error_message="行政处罚写明失信程度，公示期限由它决定；其他决定不写。",
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | Q(effective_on__isnull=False) & ~Q(document_no=""),
                name="an_approved_act_has_its_day_and_number",
                violation_error_message="批准要写明文号。",
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED", kind="REVIEW") | ~Q(qualification=""),
                name="a_legal_review_says_by_what_right",
                violation_error_message="写明法律职业资格证号，或者从事法制审核的起始日期。",
            ),
        ]

    def __str__(self):
        return f"{self.case} {self.get_kind_display()}"

    @property
    def days(self) -> int:
        """How many days of a period that does not count, both ends of it."""
        return (self.last_day - self.first_day).days + 1 if self.first_day and self.last_day else 0
