"""Files in an object storage that speaks S3 (EVIDENCE_BUCKET), through the optional packages of the group `s3` (四(3)-b).

Imported by Django's settings alone, so that no other machine needs those packages.
"""

from collections.abc import Iterator
from datetime import datetime

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage


class Bucket(S3Storage):
    """An object appears whole or not at all, by the storage's own promise; its outage is told within seconds."""

    troubles = (BotoCoreError, ClientError, Boto3Error)

    def get_default_settings(self) -> dict:
        config = Config(
            connect_timeout=5,
            read_timeout=30,
            retries={"max_attempts": 2},
            # The name is the checksum; the newer ones of the protocol are not known to every object storage.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return super().get_default_settings() | {"client_config": config, "default_acl": None, "file_overwrite": False}

    def everything(self) -> Iterator[tuple[str, datetime]]:
        """A thousand names with their times at each question."""
        for found in self.bucket.objects.all():
            yield found.key, found.last_modified
