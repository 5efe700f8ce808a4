"""Units, people who sign in, and the dated roles they hold (五, decisions.md 7)."""

from copy import copy

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.database.locks import LockingQuerySet

from .city import Names, this_city
from .roles import ADMIN_PARTS, CITY_WIDE, PERMISSIONS, Permission, Role


class UnitKind(models.TextChoices):
    CITY_BUREAU = "CITY_BUREAU", "市生态环境局"
    CITY_TEAM = "CITY_TEAM", "市执法队"
    HQ_SECTION = "HQ_SECTION", "市执法队局机关执法科室"
    BRANCH = "BRANCH", "县区生态环境分局"
    COUNTY_SECTION = "COUNTY_SECTION", "市执法队县区执法科室"


class UnitQuerySet(LockingQuerySet):
    def drawing(self):
        """The eight units that plan and draw: the city team and the branches (七(二))."""
        return self.filter(kind__in=[UnitKind.CITY_TEAM, UnitKind.BRANCH]).order_by("position", "code")

    def working(self, quarter):
        """Those of `drawing` that plan and draw in that quarter: neither closed nor still to begin."""
        day = quarter.first_day
        begun = Q(begins_on__isnull=True) | Q(begins_on__lte=day)
        return self.drawing().filter(begun, Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def of_year(self, year):
        """Those of `drawing` that worked on some day of that year."""
        begun = Q(begins_on__isnull=True) | Q(begins_on__year__lte=year)
        return self.drawing().filter(begun, Q(closed_on__isnull=True) | Q(closed_on__gt=f"{year}-01-01"))

    def open(self):
        """Units that are not closed."""
        return self.filter(closed_on__isnull=True)

    def city_team(self) -> "Unit":
        """The one that leads the others (五-1)."""
        return self.get(kind=UnitKind.CITY_TEAM)

    def bureau_on(self, day) -> str:
        """What the bureau was called on that day, whose 全宗 every volume is part of."""
        bureau = self.filter(kind=UnitKind.CITY_BUREAU).first()
        return bureau.on(day).name if bureau else this_city().bureau

    def visible_to(self, user, permission=Permission.SEE_PLANS):
        return self.filter(pk__in=user.units_with(permission))


class Unit(models.Model):
    """单位. A branch is served by one county section of the city team (五)."""

    code = models.CharField("单位代码", max_length=16, unique=True)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=20)
    kind = models.CharField("类别", max_length=16, choices=UnitKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    serves = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="section", verbose_name="服务的分局"
    )
    division_code = models.CharField("行政区划代码", max_length=6, blank=True)
    seal_name = models.CharField("印章和落款上的名称", max_length=60, blank=True)  # "": the full name
    begins_on = models.DateField("开始编制计划的日期", null=True, editable=False)  # None: from the beginning
    closed_on = models.DateField("撤销日期", null=True, editable=False)  # its first day without work of its own
    position = models.PositiveSmallIntegerField("排列次序", default=100)
    # For everybody, on /contact/ and on each result (四(3)-f).
    telephone = models.CharField("电话", max_length=40, blank=True)
    email = models.EmailField("邮箱", max_length=100, blank=True)
    address = models.CharField("地址", max_length=100, blank=True)
    hours = models.CharField("办公时间", max_length=60, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(serves__isnull=True) | Q(kind=UnitKind.COUNTY_SECTION),
                name="only_a_county_section_serves_a_branch",
                violation_error_message="只有县区执法科室挂靠分局。",
            ),
        ]

    def __str__(self):
        return self.short_name

    def on(self, day) -> Names:
        """What it was called on that day: papers of before keep the name of before."""
        return this_city().named(self, day)

    def works_in(self, quarter) -> bool:
        """Whether it plans and draws in that quarter: neither closed nor still to begin."""
        day = quarter.first_day
        return (self.begins_on is None or self.begins_on <= day) and (self.closed_on is None or day < self.closed_on)

    @property
    def closed_words(self) -> str:
        """Why nothing new is entered here; "" while the unit is there."""
        return f"{self.short_name}已于 {self.closed_on:%Y-%m-%d} 撤销，不再办理。" if self.closed_on else ""

    @property
    def drawing_unit(self) -> "Unit":
        """The unit whose plans this one carries out: a county section works for its branch, an HQ section for the team."""
        if self.kind == UnitKind.COUNTY_SECTION and self.serves:
            return self.serves
        if self.kind == UnitKind.HQ_SECTION and self.parent:
            return self.parent
        return self


class UserQuerySet(LockingQuerySet):
    def visible_to(self, user):
        """Accounts are seen by the two administrators who keep them (decisions.md 7)."""
        units = user.units_with(Permission.MANAGE_SYSTEM) | user.units_with(Permission.MANAGE_GRANTS)
        return self.filter(Q(unit__in=units) | Q(unit__isnull=True)) if units else self.none()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, username, password=None, **fields):
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username):
        return self.get(username=username)


class User(AbstractBaseUser):
    """Somebody who signs in. What he may do follows from his roles, never from the account itself."""

    username = models.CharField("账号", max_length=40, unique=True)
    full_name = models.CharField("姓名", max_length=40)
    email = models.EmailField("邮箱", blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="accounts", verbose_name="单位")
    is_active = models.BooleanField("启用", default=True)
    password_changed_at = models.DateTimeField(null=True, editable=False)
    # Somebody else knows the password: nothing else opens before it is changed (GB/T 22239 8.1.4.1 a).
    must_change_password = models.BooleanField("待改密码", default=False, editable=False)
    # When he was told that the account goes, unless somebody signs in (`unused`).
    unused_told_at = models.DateTimeField(null=True, editable=False)
    _outside = False

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "账号"

    def __str__(self):
        return self.full_name

    def get_absolute_url(self):
        return reverse("accounts:account-detail", args=[self.pk])

    def get_full_name(self):
        return self.full_name

    def grants_in_force(self):
        """The user's roles today, with their units; read once for each user object, so once for each request."""
        if not hasattr(self, "_grants"):
            day = clock.today()
            self._grants = list(
                self.grants.in_force(day)
                .select_related("unit", "unit__serves", "unit__parent")
                .order_by("unit__position", "role")
            )
        return self._grants

    def units_with(self, permission: str) -> set[int]:
        """Return the primary keys of the units in which the user has this permission today.

        A county section's people work for the branch it serves, so both are in the set (A-17).
        """
        if not self.is_active or (self._outside and permission == Permission.SEE_SEALED):
            return set()
        found: set[int] = set()
        for grant in self.grants_in_force():
            if permission not in PERMISSIONS[grant.role]:
                continue
            if grant.role in CITY_WIDE:
                return set(self._all_units())
            found |= {grant.unit_id, grant.unit.drawing_unit.pk}
        return found

    def works_for(self) -> list[Unit]:
        """The units whose plans he carries out, himself or in a section of theirs; none for whoever has the whole city."""
        if any(grant.role in CITY_WIDE for grant in self.grants_in_force()):
            return []
        return list({grant.unit.drawing_unit.pk: grant.unit.drawing_unit for grant in self.grants_in_force()}.values())

    def outside(self) -> "User":
        """Himself without what the circle alone is told (decisions.md 3): for words of his that others will read."""
        other = copy(self)
        other._outside = True
        return other

    def check_password(self, raw_password: str) -> bool:
        """Whether it is his. One that is stored by parameters of before is stored anew, which is an act of its own: what
        changes a password without any is told as a forgery (`audit.watch`).
        """
        return check_password(raw_password, self.password, self._rehash)

    def _rehash(self, raw_password: str) -> None:
        from benxi_shuangsuiji.audit import trail  # which stands on accounts

        with transaction.atomic():
            self.set_password(raw_password)
            self._password = None  # not a change of his: sign-ins go on
            self.save(update_fields=["password"])
            trail.record("accounts.password.rehashed", by=self, about=self)

    def may(self, permission: str, unit) -> bool:
        """Say whether the user has this permission in this unit (an object or a primary key)."""
        return (unit.pk if isinstance(unit, Unit) else unit) in self.units_with(permission)

    def has_role(self, role: str, unit: Unit | None = None) -> bool:
        return any(
            g.role == role and (unit is None or unit.pk in (g.unit_id, g.unit.drawing_unit.pk))
            for g in self.grants_in_force()
        )

    def role_names(self) -> list[str]:
        return list(dict.fromkeys(Role(g.role).label for g in self.grants_in_force()))

    def _all_units(self):
        if not hasattr(self, "_units"):
            self._units = list(Unit.objects.values_list("pk", flat=True))
        return self._units


class RoleGrantQuerySet(LockingQuerySet):
    def in_force(self, day):
        """The grants that count on this day; an ended one counts no longer, from the moment of its end."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day, ended_at__isnull=True)


class RoleGrant(models.Model):
    """A role, in a unit, from a day, by a document; ended at once, with a reason."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name="账号")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="grants", verbose_name="单位")
    role = models.CharField("角色", max_length=20, choices=Role)
    valid_from = models.DateField("起始日")
    valid_to = models.DateField("截止日", null=True, blank=True)
    document = models.CharField("任命文件", max_length=100)
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="授权人"
    )
    ended_at = models.DateTimeField("终止时间", null=True, editable=False)
    end_reason = models.CharField("终止原因", max_length=200, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "授权"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role", "valid_from"],
                condition=Q(ended_at__isnull=True),
                name="one_grant_per_start_day",
                violation_error_message="这个账号在这个单位已有同一天起的同一角色。",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(role__in=ADMIN_PARTS, ended_at__isnull=True),
                name="nobody_holds_two_administrator_parts",
                violation_error_message="系统、授权、审计三种管理员不能由同一个账号兼任。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="grant_does_not_end_before_it_starts",
                violation_error_message="截止日早于起始日。核对两个日期。",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=models.F("user")),
                name="nobody_grants_himself",
                violation_error_message="不能给自己授权。",
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.get_role_display()} {self.unit}"


from .device_models import Authenticator, KnownDevice, RecoveryCode, SecondFactorReset  # noqa: E402, F401
from .request_models import GrantRequest, roles_with  # noqa: E402, F401
from .unit_models import ChangeKind, CityRecord, UnitChange, UnitChangeState  # noqa: E402, F401
