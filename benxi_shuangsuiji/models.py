from django.conf import settings
from django.db import models


class FormKey(models.Model):
    """A POST form that has been carried out, so that sending it twice has one effect (reliability.md P15)."""

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    path = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    location = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        app_label = "foundation"
        verbose_name = verbose_name_plural = "已提交的表单"
        indexes = [models.Index(fields=["at"], name="form_key_at")]
