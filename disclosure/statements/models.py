"""企业说明: the words as they came, and the two people who let them become public (四(3)-f)."""

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.locks import LockingQuerySet
from benxi_shuangsuiji.forms.decision import Decision, State, decided_by_another

BY_ANOTHER = "提出公开的人不能自己批准，由分管负责人批准。"
LONGEST = 500


class OwnWordsQuerySet(LockingQuerySet):
    def visible_to(self, user):
        units = user.units_with(Permission.PUBLISH) | user.units_with(Permission.APPROVE_REVISION)
        return self.filter(unit__in=units)

    def standing(self):
        """Neither given back nor taken back."""
        return self.filter(returned_at__isnull=True, taken_back_at__isnull=True)

    def with_standing(self):
        """Each with whether it is `public`, `asked` for, and `over`: nobody has anything left to do with it."""
        current = apps.get_model("disclosure", "Publication").objects.current()
        public = Exists(current.filter(kind="STATEMENT", no=OuterRef("no")))
        mine = WordsRequest.objects.filter(words=OuterRef("pk"))
        done = Q(taken_back_at__isnull=True) & (Q(returned_at__isnull=False) | Q(approved=True))
        left = Q(taken_back_at__isnull=False, public=False)
        found = self.annotate(public=public, asked=Exists(mine.pending()), approved=Exists(mine.approved()))
        return found.annotate(over=Case(When(done | left, then=True), default=False))


class OwnWords(models.Model):
    """One statement, whose words nobody changes. Given back, it is written anew; taken back, it is withdrawn."""

    no = models.CharField("编号", max_length=40, unique=True)
    publication = models.ForeignKey("disclosure.Publication", models.PROTECT, related_name="+", verbose_name="检查结果")
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="公示单位")
    words = models.CharField("说明", max_length=LONGEST)
    at = models.DateTimeField("收到时间")
    returned = models.CharField("退回的原因", max_length=200, blank=True)
    returned_at = models.DateTimeField("退回时间", null=True)
    taken_back_at = models.DateTimeField("企业撤回时间", null=True)

    objects = OwnWordsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "企业说明"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, returned="") | Q(returned_at__isnull=False) & ~Q(returned=""),
                name="words_are_given_back_with_a_reason",
                violation_error_message="退回的写明原因。",
            ),
            models.UniqueConstraint(
                fields=["publication"],
                condition=Q(returned_at__isnull=True, taken_back_at__isnull=True),
                name="one_statement_of_a_result",
                violation_error_message="这条结果已有一份企业说明。",
            ),
        ]

    def __str__(self):
        return self.no


class WordsRequest(Decision):
    """Who looked through it for personal data and trade secrets asks, the leader decides."""

    words = models.ForeignKey(OwnWords, models.PROTECT, related_name="requests", verbose_name="企业说明")

    class Meta:
        verbose_name = verbose_name_plural = "公开企业说明的申请"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another(BY_ANOTHER, opinion="退回的，写明意见。"),
            models.UniqueConstraint(
                fields=["words"],
                condition=Q(state__in=[State.ASKED.value, State.APPROVED.value]),
                name="one_request_of_a_statement",
                violation_error_message="这份说明已经提出公开。",
            ),
        ]
