from django.db import models


class RegisterEntry(models.Model):
    """One leaf of the register (PUB1 §2): written by the database with the publication, in its transaction. Never changed.

    `leaf` is the hash of the entry document; what the document says is read from the publication.
    """

    index = models.BigIntegerField("序号", primary_key=True)
    publication = models.OneToOneField(
        "disclosure.Publication", models.PROTECT, related_name="entry", verbose_name="公示"
    )
    at = models.CharField("登记时间", max_length=25)
    leaf = models.BinaryField("叶指纹")

    class Meta:
        verbose_name = verbose_name_plural = "日志条目"
        ordering = ["index"]

    def __str__(self):
        return str(self.index)


class RegisterNode(models.Model):
    """The hash over 256, 256², … entries: what is full never changes, so that a proof needs a few hundred hashes."""

    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = "日志的整块指纹"
        constraints = [
            models.UniqueConstraint(
                fields=["level", "number"],
                name="a_full_node_is_kept_once",
                violation_error_message="这一块的指纹已经保存。",
            )
        ]

    def __str__(self):
        return f"{self.level}/{self.number}"


class Checkpoint(models.Model):
    """A signed head of the register (PUB1 §3): how many entries it has and the hash over all of them."""

    size = models.BigIntegerField("条数", primary_key=True)
    root = models.CharField("根", max_length=64)
    note = models.TextField("检查点")
    key = models.CharField("公钥", max_length=200)
    signed_at = models.DateTimeField("签名时间")

    class Meta:
        verbose_name = verbose_name_plural = "日志检查点"
        ordering = ["-size"]

    def __str__(self):
        return str(self.size)

    @property
    def origin(self) -> str:
        return self.note.partition("\n")[0]

    @property
    def base64(self) -> str:
        """The root as the note has it, to be compared with a print."""
        return self.note.split("\n")[2]


class Witness(models.Model):
    """Somebody outside who keeps our heads and signs them (tlog-cosignature); his key stands beside ours (PUB1 §3)."""

    name = models.CharField("见证人", max_length=60)
    key = models.CharField("公钥", max_length=200, unique=True)
    document_no = models.CharField("依据文件", max_length=60)
    since = models.DateTimeField("登记时间")
    ended_at = models.DateTimeField("不再见证的时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "日志见证人"
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Cosignature(models.Model):
    """A witness's line under one of our heads, verified when it came. Insert-only."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures", verbose_name="检查点")
    witness = models.ForeignKey(Witness, models.PROTECT, related_name="cosignatures", verbose_name="见证人")
    line = models.CharField("签名行", max_length=400)
    signed_at = models.DateTimeField("见证时间")
    received_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = verbose_name_plural = "见证签名"
        ordering = ["-checkpoint", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["checkpoint", "witness"],
                name="a_witness_signs_a_head_once",
                violation_error_message="这位见证人已经签过这个检查点。",
            )
        ]

    def __str__(self):
        return self.line
