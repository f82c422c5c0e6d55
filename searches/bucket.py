"""Pictures in a bucket of S3, or of what speaks its protocol.

The portal alone reads and writes it: browsers get pictures from our views, which check whose they are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# These packages come without types.
from boto3.exceptions import Boto3Error  # type: ignore[import-untyped]
from boto3.s3.transfer import TransferConfig  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]
from django.core.files.base import File
from storages.backends.s3 import S3File, S3Storage  # type: ignore[import-untyped]
from storages.utils import clean_name  # type: ignore[import-untyped]

from searches.storages import StoredFile

# Larger files are put on the disk while they are read.
MOST_BYTES_IN_MEMORY = 5_000_000
NOT_FOUND = 404


class BucketFailed(OSError):
    """The bucket did not do what was asked. Says by which error, and nothing of addresses or keys."""


@contextmanager
def _failing_as_files_do() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == NOT_FOUND:
            raise FileNotFoundError("the bucket has no such file") from None
        raise BucketFailed(f"the bucket answered {error.response['Error']['Code']}") from None
    except (BotoCoreError, Boto3Error) as error:
        raise BucketFailed(f"the bucket cannot be used ({type(error).__name__})") from None


class BucketFile(S3File):  # type: ignore[misc]  # has no types
    """Fetched whole when it is first looked into."""

    def _get_file(self) -> Any:
        with _failing_as_files_do():
            return super()._get_file()

    file = property(_get_file, S3File._set_file)

    def close(self) -> None:
        with _failing_as_files_do():
            super().close()


class BucketStorage(S3Storage):  # type: ignore[misc]  # has no types
    """Options: bucket_name, endpoint_url, region_name, addressing_style, access_key, secret_key."""

    def __init__(self, **options: Any) -> None:
        style = options.pop("addressing_style", "auto")
        config = Config(
            s3={"addressing_style": style},
            signature_version="s3v4",
            connect_timeout=5,
            read_timeout=20,
            retries={"max_attempts": 3, "mode": "standard"},
            # Not every vendor's server knows the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            client_config=config,
            # Workers fork.
            transfer_config=TransferConfig(use_threads=False),
            max_memory_size=MOST_BYTES_IN_MEMORY,
            # As a folder does: what is there already stays, and the newcomer gets another name.
            file_overwrite=False,
            **options,
        )

    def walk(self, beginning: str, after: str = "") -> Iterator[StoredFile]:
        asked = {"Bucket": self.bucket_name, "Prefix": beginning}
        if after:
            asked["StartAfter"] = after
        with _failing_as_files_do():
            for page in self.connection.meta.client.get_paginator("list_objects_v2").paginate(**asked):
                for entry in page.get("Contents", ()):
                    yield StoredFile(entry["Key"], entry["LastModified"])

    def url(self, name: str | None, *_given: Any, **_named: Any) -> str:
        """Raises ValueError: a signed address would lead past our views."""
        raise ValueError("Pictures are served by the portal's own views.")

    def exists(self, name: str) -> bool:
        with _failing_as_files_do():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with _failing_as_files_do():
            super().delete(name)

    def _open(self, name: str, mode: str = "rb") -> BucketFile:
        with _failing_as_files_do():
            return BucketFile(self._normalize_name(clean_name(name)), mode, self)

    def _save(self, name: str, content: File[Any]) -> str:
        with _failing_as_files_do():
            return str(super()._save(name, content))
