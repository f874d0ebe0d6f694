"""Media in S3 or anything that speaks like it: pictures where everybody may read, photos of returns where nobody may."""

from typing import Any
from urllib.parse import urlsplit

BACKEND = "storages.backends.s3.S3Storage"
YEAR = "public, max-age=31536000, immutable"  # a picture that changes gets another name


def storages(
    *,
    bucket: str,
    private: str = "",
    access_key: str = "",
    secret_key: str = "",
    region: str = "",
    endpoint: str = "",
    domain: str = "",
) -> dict[str, Any]:
    """Return Django's storages `default` and `private`.

    Pictures lie under `media/`; their addresses are not signed, because pages and the catalog keep them: a policy of
    the bucket lets everybody read `media/*`, or a CDN (`domain`) does. What shoppers send lies in the bucket
    `private`, or under `private/` of the same one, which no policy opens; staff see it through a page of the shop.
    Without keys the machine's own role counts.
    """
    shared = {
        "access_key": access_key or None,
        "secret_key": secret_key or None,
        "region_name": region or None,
        "endpoint_url": endpoint or None,
        "signature_version": "s3v4",
        # AWS wants the bucket in the host name, whoever stands behind another address may not answer to such names
        "addressing_style": "path" if endpoint else "virtual",
        "default_acl": None,  # buckets of today refuse lists of access; the policy decides
        "file_overwrite": False,
    }
    public = {
        **shared,
        "bucket_name": bucket,
        "location": "media",
        "querystring_auth": False,
        "custom_domain": domain or None,
        "object_parameters": {"CacheControl": YEAR},
    }
    hidden = {
        **shared,
        "bucket_name": private or bucket,
        "location": "private",
        "querystring_auth": True,
        "querystring_expire": 60,
        "object_parameters": {"CacheControl": "private, no-store"},
    }
    return {
        "default": {"BACKEND": BACKEND, "OPTIONS": public},
        "private": {"BACKEND": BACKEND, "OPTIONS": hidden},
    }


def origin(*, bucket: str, region: str = "", endpoint: str = "", domain: str = "") -> str:
    """Return where browsers fetch pictures, as a content security policy wants it."""
    if domain:
        return f"https://{domain}"
    if endpoint:
        parts = urlsplit(endpoint)
        return f"{parts.scheme}://{parts.netloc}"
    return f"https://{bucket}.s3.{region}.amazonaws.com" if region else f"https://{bucket}.s3.amazonaws.com"
