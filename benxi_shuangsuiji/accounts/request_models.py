"""授权申请: who was refused a page asks for what opens it, and the grants administrator decides (decision 0081, ui.md 7.2)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another

from .roles import PERMISSIONS, Permission, Role


class GrantRequestQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """Who asked, and the grants administrators."""
        return self.all() if user.units_with(Permission.MANAGE_GRANTS) else self.filter(asked_by=user)


class GrantRequest(Decision):
    """What was asked for are the permissions of the page, any of which opens it: not the page, whose address could name a thing.
    An approval keeps the grant that it came to."""

    later: ClassVar[tuple[str, ...]] = ()

    permissions = models.CharField("权限", max_length=300)  # their codes in order, with commas
    reason = models.CharField("原因", max_length=200)
    grant = models.OneToOneField(
        "accounts.RoleGrant", models.PROTECT, null=True, editable=False, related_name="request", verbose_name="授权"
    )

    objects = GrantRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "授权申请"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another(
                "申请授权的人不能自己决定，由另一名授权管理员决定。", opinion="不授权要写明原因，申请的人才知道为什么。"
            ),
            models.UniqueConstraint(
                fields=["asked_by", "permissions"],
                condition=Q(state="ASKED"),
                name="one_request_for_a_grant_waits",
                violation_error_message="同样的授权申请已经在等决定。",
            ),
            models.CheckConstraint(
                condition=Q(state="APPROVED", grant__isnull=False) | ~Q(state="APPROVED") & Q(grant__isnull=True),
                name="an_approved_request_has_its_grant",
                violation_error_message="批准的授权申请要有授权。",
            ),
        ]

    def __str__(self):
        return f"{self.asked_by.full_name}申请“{self.words}”"

    def get_state_display(self) -> str:
        """A request has nothing to be mended: it is given, or it is not."""
        return {"APPROVED": "已授权", "RETURNED": "没有授权"}.get(self.state) or State(self.state).label

    @property
    def asked_for(self) -> list[Permission]:
        return [Permission(code) for code in self.permissions.split(",") if code in Permission.values]

    @property
    def words(self) -> str:
        return "”或“".join(one.label for one in self.asked_for)

    @property
    def roles(self) -> list[Role]:
        return roles_with(self.asked_for)

    def get_absolute_url(self):
        return reverse("accounts:grant-request", args=[self.pk])


def roles_with(permissions) -> list[Role]:
    """Whose pages these are: the roles with one of the permissions."""
    return [role for role in Role if PERMISSIONS[role] & set(permissions)]
