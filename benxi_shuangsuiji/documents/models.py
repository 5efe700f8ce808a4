"""Files as they were received or made, and the jobs that make them."""

from django.conf import settings
from django.db import models


class StoredFile(models.Model):
    """A file kept under its SHA-256, outside the web root; the row never changes (reliability.md P20)."""

    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveBigIntegerField("字节")
    content_type = models.CharField(max_length=100)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    stored_at = models.DateTimeField("存入时间")

    class Meta:
        verbose_name = verbose_name_plural = "文件"

    def __str__(self):
        return self.name


class JobState(models.TextChoices):
    WAITING = "WAITING", "等待"
    RUNNING = "RUNNING", "进行中"
    DONE = "DONE", "完成"
    FAILED = "FAILED", "失败"


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(requested_by=user)


class Job(models.Model):
    """Work that the worker does; the row holds state, progress and attempts, the queue only wakes it (decisions.md 10)."""

    kind = models.CharField("种类", max_length=40)
    params = models.JSONField(default=dict)  # ids and ISO dates only
    title = models.CharField("名称", max_length=120)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="jobs")
    requested_at = models.DateTimeField("提交时间")
    state = models.CharField("状态", max_length=8, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    error = models.CharField(max_length=300, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-requested_at", "-pk"]


class FileRound(models.Model):
    """One night's look at what is stored: every byte read again, or a share when there is too much (四(3)-b).

    `begun_behind`: the digest after which it began; `reached`: how far it has come, so that a round that was broken off
    goes on where it was.
    """

    day = models.DateField("日期", unique=True)
    begun_behind = models.CharField(max_length=64, blank=True)
    reached = models.CharField(max_length=64, blank=True)
    turned = models.BooleanField(default=False)  # past the last digest, from the first on
    wanted = models.PositiveBigIntegerField("要核对的字节")
    files = models.PositiveIntegerField("核对的文件", default=0)
    size = models.PositiveBigIntegerField("核对的字节", default=0)
    wrong = models.PositiveIntegerField("发现的问题", default=0)
    removed = models.PositiveIntegerField("清除的无记录文件", default=0)
    left_alone = models.PositiveIntegerField("没有清除的无记录文件", default=0)
    started_at = models.DateTimeField("开始")
    finished_at = models.DateTimeField("完成", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "文件核对"
        ordering = ["-day"]


class FileTrouble(models.Model):
    """A stored file that is gone, or no longer what it was."""

    class Kind(models.TextChoices):
        MISSING = "MISSING", "不在存储中"
        DAMAGED = "DAMAGED", "内容和存入时不同"

    sha256 = models.CharField("指纹", max_length=64, unique=True)
    kind = models.CharField("问题", max_length=7, choices=Kind)
    found_at = models.DateTimeField("发现时间")
    mended_at = models.DateTimeField("恢复时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "文件问题"
        ordering = ["mended_at", "-found_at", "pk"]
