"""Where uploaded and prepared pictures are kept: a folder, or a bucket."""

import re
from typing import Any

from procurement.env import ConfigurationError, StrictEnv

ADDRESSING = ("auto", "path", "virtual")


def media_storage(env: StrictEnv) -> dict[str, Any]:
    """What Django's STORAGES says of pictures."""
    bucket = env.text("S3_BUCKET")
    endpoint, region = env.url("S3_ENDPOINT"), env.text("S3_REGION")
    access_key, secret_key = env.text("S3_ACCESS_KEY"), env.text("S3_SECRET_KEY")
    addressing = env.choice("S3_ADDRESSING", default="auto", choices=ADDRESSING)
    if not bucket:
        if endpoint or region or access_key or secret_key:
            raise ConfigurationError("S3_BUCKET is not set, and other S3_… variables are: name the bucket, or none.")
        return {"BACKEND": "searches.storages.FolderStorage"}
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
        raise ConfigurationError(f"S3_BUCKET must be the name of a bucket alone, not {bucket!r}.")
    if bool(access_key) != bool(secret_key):
        raise ConfigurationError("S3_ACCESS_KEY and S3_SECRET_KEY go together: set both, or neither.")
    options = {
        "bucket_name": bucket,
        "endpoint_url": endpoint or None,
        "region_name": region or None,
        "access_key": access_key or None,
        "secret_key": secret_key or None,
        "addressing_style": addressing,
    }
    return {"BACKEND": "searches.bucket.BucketStorage", "OPTIONS": options}
