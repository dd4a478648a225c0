"""Whom we trust on the other end of a sealed connection: the certificates of authorities, read once.

Reading them takes tens of milliseconds in which nothing else runs, and httpx does it anew for every client that it
makes, also for one that never meets TLS. All of our clients share one context instead.
"""

from __future__ import annotations

import os
import ssl
from functools import lru_cache
from pathlib import Path

import httpx


def trusted() -> ssl.SSLContext:
    """What `verify` of a client of httpx should be: what it would have made itself, made once.

    That is certifi's bundle, or what `SSL_CERT_FILE` or `SSL_CERT_DIR` names; what is named, and was replaced
    meanwhile, is read again. It is shared: whoever wants to trust others makes a context of their own.
    """
    named = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
    return _read(named, Path(named).stat().st_mtime_ns if named else 0)


@lru_cache(maxsize=4)
def _read(named: str | None, changed: int) -> ssl.SSLContext:  # noqa: ARG001 - what was replaced is something else
    return httpx.create_ssl_context()
