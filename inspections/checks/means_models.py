"""By which means a check looks without entering the place."""

from django.db import models


class OffsiteMeans(models.TextChoices):
    """How a check is carried out without entering the place (七(三)-b, domain.md 7.5)."""

    ONLINE = "ONLINE", "在线监控"
    VIDEO = "VIDEO", "视频监控"
    POWER = "POWER", "用电、用能、工况监控"
    DRONE = "DRONE", "无人机"
    CRUISE = "CRUISE", "走航"
    SPACE = "SPACE", "卫星遥感"
    DATA = "DATA", "大数据分析"
    PAPERS = "PAPERS", "书面资料核查"
    LEDGER = "LEDGER", "执行报告、台账审核"
    CALL = "CALL", "视频连线"
    REMOTE = "REMOTE", "无人机或卫星遥感"  # of records from before the two were told apart
