"""What proves who signs in beside the password, and from which devices he has (S10, GB/T 22239 8.1.4.1 d)."""

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.forms.decision import Decision, decided_by_another


class Authenticator(models.Model):
    """动态口令: the secret of the app on somebody's phone, encrypted under the data key (RFC 6238).

    `last_step`: the step of the last code that was taken, so that none is taken twice. `failures`: wrong codes in a row.
    """

    user = models.OneToOneField("accounts.User", models.PROTECT, related_name="authenticator")
    secret = models.BinaryField()
    confirmed_at = models.DateTimeField()
    last_step = models.BigIntegerField(default=-1)
    drift = models.SmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "动态口令"


class RecoveryCode(models.Model):
    """备用码: one of ten, for whoever has not his phone at hand; good once. 79 random bits need no slow hash."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "备用码"
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="one_recovery_code")]


class KnownDevice(models.Model):
    """A browser from which somebody has signed in: known again by a random cookie, of which the digest is kept.

    `remembered_until`: on `/field/` no code is asked again until then. Whoever ends it ends its sign-in too.
    """

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="devices")
    digest = models.CharField(max_length=64)
    label = models.CharField("设备", max_length=60)
    first_at = models.DateTimeField("第一次登录")
    seen_at = models.DateTimeField("最近使用")
    signed_in_at = models.DateTimeField("最近登录")
    proven_at = models.DateTimeField("最近验证", null=True)
    remembered_until = models.DateTimeField(null=True)
    session_key = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField("退出时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录过的设备"
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="one_row_for_a_device_of_a_user")]


class SecondFactorReset(Decision):
    """重置动态口令: for whoever has lost phone and recovery codes; one administrator asks, another decides."""

    account = models.ForeignKey("accounts.User", models.PROTECT, related_name="second_factor_resets")
    reason = models.CharField("原因", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "重置动态口令"
        constraints = [
            *decided_by_another(
                "提出重置的人不能自己批准，由另一名管理员批准。", opinion="退回要写明原因，提出的人才知道差什么。"
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state="ASKED"),
                name="one_reset_waits_for_an_account",
                violation_error_message="这个账号已经有一份重置申请在等批准。",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=models.F("account")),
                name="nobody_asks_to_reset_his_own",
                violation_error_message="不能重置自己的动态口令，由另外两名管理员办理。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("account")),
                name="nobody_resets_his_own",
                violation_error_message="不能批准重置自己的动态口令。",
            ),
        ]
