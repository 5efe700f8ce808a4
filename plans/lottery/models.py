"""开奖日程: when the public numbers are drawn that a plan may name (六(一)2-f, SSJ1 14.3, domain.md 6.3)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class LotteryGame(models.TextChoices):
    """Games with enough numbers; 3D and 排列 are not among them (SSJ1 14.3)."""

    K8 = "K8", "快乐8"
    SSQ = "SSQ", "双色球"
    DLT = "DLT", "大乐透"
    QLC = "QLC", "七乐彩"


class LotterySchedule(models.Model):
    """On which weekdays and when a game is drawn, and how its issues count, as the operator announced it: one version."""

    game = models.CharField("彩票", max_length=8, choices=LotteryGame)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name="开奖日")  # ISO: 1 is Monday
    drawn_at = models.TimeField("开奖时刻")
    base_day = models.DateField("起算日", null=True, blank=True)  # the day of the issue below
    base_issue = models.PositiveIntegerField("起算期号", null=True, blank=True)  # 2026087
    valid_from = models.DateField("起始日")
    source_document = models.CharField("依据", max_length=200)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "开奖日程"
        ordering = ["game", "-valid_from", "-pk"]  # of two versions from one day the later entered holds
        constraints = [
            models.CheckConstraint(
                condition=~Q(source_document=""),
                name="lottery_schedule_names_its_document",
                violation_error_message="写明依据，如开奖公告的名称和日期。",
            ),
            models.CheckConstraint(
                condition=Q(base_day__isnull=True, base_issue__isnull=True)
                | Q(base_day__isnull=False, base_issue__isnull=False),
                name="a_base_issue_has_its_day",
                violation_error_message="起算日和起算期号一起填写。",
            ),
        ]

    def __str__(self):
        return f"{self.get_game_display()}（{self.valid_from:%Y-%m-%d} 起）"


class LotteryBreak(models.Model):
    """休市: days without draws, of one game or of all."""

    game = models.CharField("彩票", max_length=8, choices=LotteryGame, blank=True)  # "" all
    starts_on = models.DateField("休市开始")
    ends_on = models.DateField("休市结束")
    source_document = models.CharField("依据", max_length=200)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "彩票休市"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=models.F("ends_on")),
                name="lottery_break_is_not_reversed",
                violation_error_message="休市结束早于开始。核对两个日期。",
            ),
            models.CheckConstraint(
                condition=~Q(source_document=""),
                name="lottery_break_names_its_document",
                violation_error_message="写明依据，如休市公告的名称和日期。",
            ),
        ]

    def __str__(self):
        return f"{self.get_game_display() or '全部彩票'} {self.starts_on:%Y-%m-%d} 至 {self.ends_on:%Y-%m-%d} 休市"
