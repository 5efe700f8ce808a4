"""抽取: draws, their sealed documents, the chain, and what follows from a result (七(二), SSJ1 15)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.locks import LockingQuerySet
from registry.models import Category


class DrawStatus(models.TextChoices):
    """SSJ1 14.1; before the freeze a draw is only being checked."""

    PREPARED = "PREPARED", "待封存"
    FROZEN = "FROZEN", "已封存"
    DRAWN = "DRAWN", "已抽取"
    RELEASED = "RELEASED", "已公开"
    ABORTED = "ABORTED", "已作废"


HELD = (DrawStatus.DRAWN, DrawStatus.RELEASED)


class DrawQuerySet(LockingQuerySet):
    def visible_to(self, user):
        """Counts and digests, for everyone who may see draws of the unit; the list itself is `may_see_sealed`."""
        return self.filter(unit__in=user.units_with(Permission.SEE_DRAWS))


class Draw(models.Model):
    """One draw of one plan. A plan has one that counts; an aborted one stays and counts on (SSJ1 9.2)."""

    plan = models.ForeignKey("plans.QuarterlyPlan", models.PROTECT, related_name="draws", verbose_name="计划")
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="draws", verbose_name="单位")
    draw_id = models.CharField("抽取编号", max_length=32, unique=True)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField("季度")
    serial = models.PositiveSmallIntegerField("次序")
    status = models.CharField("状态", max_length=8, choices=DrawStatus, default=DrawStatus.PREPARED)
    prepared_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="核对人")
    prepared_at = models.DateTimeField("核对时间")
    sealed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="封存人")
    # 七(四)-1: the last audits of both registries as they stood at the seal, and why an old one did not matter.
    registry_audits = models.CharField("名录审核", max_length=200, blank=True)
    registry_reason = models.CharField("名录未按期审核的原因", max_length=200, blank=True)
    frozen_at = models.DateTimeField("封存时间", null=True)
    held_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="抽取人")
    drawn_at = models.DateTimeField("抽取时间", null=True)
    # 七(二)-a: why it was held after its day, where the plan had not set it later; public, and part of the 通报.
    late_reason = models.CharField("逾期抽取的原因", max_length=200, blank=True)
    release_at = models.DateTimeField("名单公开时间")
    released_at = models.DateTimeField("实际公开时间", null=True)
    # The run that holds: one more with every correction of a wrongly typed value (SSJ1 9.1).
    run = models.PositiveSmallIntegerField("第几次计算", default=1)

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "随机抽取"
        ordering = ["-year", "-number", "unit__position", "-serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"],
                condition=~Q(status="ABORTED"),
                name="one_draw_per_plan",
                violation_error_message="本计划已有一次抽取，名单一经确定不得随意变更。",
            ),
            models.UniqueConstraint(fields=["unit", "year", "number", "serial"], name="draw_serials_differ"),
            models.CheckConstraint(
                condition=Q(sealed_by__isnull=True) | ~Q(sealed_by=models.F("prepared_by")),
                name="draw_is_not_sealed_by_who_prepared_it",
                violation_error_message="核对名单的人不能自己封存，由分管负责人封存。",
            ),
        ]

    def __str__(self):
        return self.draw_id

    def get_absolute_url(self):
        return reverse("plans:draw-detail", args=[self.draw_id])

    @property
    def policy_version(self) -> str:
        """A draw carries out its plan under the plan's version of the policy (0-a)."""
        return self.plan.policy_version


class DrawDocument(models.Model):
    """One SSJ1 text document, verbatim. Insert-only; the digest is checked by the database (SSJ1 15 D1)."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="documents")
    kind = models.CharField("种类", max_length=8)
    run = models.PositiveSmallIntegerField("第几次计算", default=1)
    number = models.PositiveSmallIntegerField(
        "序号", default=0
    )  # frames in manifest order; AMEND and its SLIPS 1, 2, …
    text = models.TextField()
    digest = models.CharField("指纹", max_length=64)
    at = models.DateTimeField("时间", editable=False, db_default=models.functions.Now())
    born = models.BigIntegerField(editable=False, db_default=0)  # the transaction that wrote it

    class Meta:
        verbose_name = verbose_name_plural = "抽取文书"
        ordering = ["draw", "run", "kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "kind", "run", "number"], name="one_document_of_a_kind"),
        ]


class ChainEntry(models.Model):
    """One entry of the public chain over all units; `seq` without gaps (SSJ1 10, 15 D3)."""

    seq = models.BigIntegerField(primary_key=True)
    prev = models.CharField(max_length=64)
    link = models.CharField("链环", max_length=64, unique=True)
    kind = models.CharField("种类", max_length=6)
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, related_name="chain_entries")
    doc = models.CharField("文书指纹", max_length=64)
    at = models.DateTimeField("时间")
    text = models.TextField()

    class Meta:
        verbose_name = verbose_name_plural = "公示链"
        ordering = ["seq"]


class DrawSecret(models.Model):
    """The sealed random number, encrypted; only the draw role may read it (SSJ1 5.1, 15 D6)."""

    draw = models.OneToOneField(Draw, models.PROTECT, primary_key=True, related_name="+")
    ciphertext = models.BinaryField()


class ValueEntry(models.Model):
    """What one person typed for one source. Insert-only; a person's latest entry counts (SSJ1 14.1).

    Entries of a correction belong to it, and count once it is approved.
    """

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="value_entries")
    correction = models.ForeignKey("plans.CorrectionRequest", models.PROTECT, null=True, related_name="entries")
    position = models.PositiveSmallIntegerField("来源次序")
    value = models.CharField("号码", max_length=400)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "号码录入"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["correction", "position", "entered_by"],
                name="one_entry_of_a_person_in_a_correction",
                violation_error_message="本人已经录入过更正的号码。重新打开页面看最新的情况。",
            ),
        ]


class DrawRelease(models.Model):
    """The names of a draw are public from this moment (decisions.md 3)."""

    draw = models.OneToOneField(Draw, models.PROTECT, related_name="release")
    at = models.DateTimeField("公开时间")


class PickQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The circle of decisions.md 3: planner, leader and city supervisor; the team sees its own tasks elsewhere."""
        return self.filter(
            Q(draw__unit__in=user.units_with(Permission.SEE_SEALED))
            | Q(draw__status=DrawStatus.RELEASED, draw__unit__in=user.units_with(Permission.SEE_DRAWS))
        )

    def valid(self):
        """Those of the run that holds; a corrected run stays on record and counts for nothing (SSJ1 9.1)."""
        return self.filter(run=models.F("draw__run"))

    def standing(self):
        """Those of the run that holds which no amendment has taken off the list (SSJ1 8.1)."""
        return self.valid().filter(drop__isnull=True)

    def to_check(self):
        """Those that the unit owes a check: standing, or taken off as 季末没有查完, which undoes nothing (SSJ1 8.1)."""
        return self.valid().filter(Q(drop__isnull=True) | Q(drop__reason=PickDrop.NOTDONE))


class Pick(models.Model):
    """抽中对象: a projection of the RESULT or an AMEND document, written in its transaction."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="picks")
    run = models.PositiveSmallIntegerField("第几次计算", default=1)
    facility = models.ForeignKey("registry.Facility", models.PROTECT, related_name="+", verbose_name="检查对象")
    category = models.CharField("抽取时类别", max_length=7, choices=Category)
    no = models.PositiveIntegerField("排位")  # a substitute takes the next number of its category
    slot = models.CharField("名额", max_length=1, choices=[("R", "优先"), ("F", "普通")])
    ticket = models.CharField("签号", max_length=64)
    mode = models.CharField("检查方式", max_length=8)  # of the frame line: onsite or offsite
    amendment = models.PositiveIntegerField("第几次更换补入", default=0)  # 0: the RESULT

    objects = PickQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽中对象"
        ordering = ["draw", "category", "no"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "run", "facility"], name="a_facility_is_picked_once_in_a_draw"),
            models.UniqueConstraint(fields=["draw", "run", "category", "no"], name="pick_numbers_differ"),
        ]

    @property
    def team(self):
        """Who goes there now: the last team that the RESULT or an AMEND names, or None."""
        return max(self.teams.all(), key=lambda team: team.amendment, default=None)

    @property
    def earlier_teams(self) -> list:
        """The teams that amendments replaced, in their order."""
        return sorted(self.teams.all(), key=lambda team: team.amendment)[:-1]


class PickDrop(models.Model):
    """A pick taken off the list by an amendment: a projection of its `dropobj` line."""

    NOTDONE = "NOTDONE"  # not replaced; it counts as drawn and not inspected (SSJ1 8.1)

    pick = models.OneToOneField(Pick, models.PROTECT, related_name="drop")
    amendment = models.PositiveIntegerField("第几次更换")
    reason = models.CharField("原因", max_length=8)

    class Meta:
        verbose_name = verbose_name_plural = "换下的对象"


class TeamQuerySet(models.QuerySet):
    def standing(self):
        """The teams that now go: the last of each pick that still stands, in the run that holds."""
        later = Team.objects.filter(pick=models.OuterRef("pick"), amendment__gt=models.OuterRef("amendment"))
        return self.filter(~models.Exists(later), pick__drop__isnull=True, pick__run=models.F("pick__draw__run"))


class Team(models.Model):
    """检查小组 of one pick, or why none could be formed (SSJ1 7.2); an amendment that changes it writes another."""

    pick = models.ForeignKey(Pick, models.PROTECT, related_name="teams")
    amendment = models.PositiveIntegerField("第几次更换", default=0)  # 0: the RESULT
    open_reason = models.CharField("未配齐原因", max_length=6, blank=True)
    open_counts = models.JSONField(default=list)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查小组"
        constraints = [
            models.UniqueConstraint(fields=["pick", "amendment"], name="one_team_of_a_pick_per_amendment"),
        ]


class TeamMember(models.Model):
    team = models.ForeignKey(Team, models.PROTECT, related_name="members")
    inspector = models.ForeignKey("registry.Inspector", models.PROTECT, related_name="+", verbose_name="检查人员")
    is_leader = models.BooleanField("组长")

    class Meta:
        verbose_name = verbose_name_plural = "小组成员"
        ordering = ["-is_leader", "inspector__code"]
        constraints = [
            models.UniqueConstraint(fields=["team", "inspector"], name="a_person_is_once_in_a_team"),
            models.UniqueConstraint(fields=["team"], condition=Q(is_leader=True), name="one_leader_per_team"),
        ]
