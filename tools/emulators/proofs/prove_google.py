"""Proves the Google emulator with Google's own Python client and Google's own description of its services."""

from __future__ import annotations

import google_access  # noqa: F401
import google_events  # noqa: F401
import google_lists  # noqa: F401

from google_client import google
from harness import run

run(lambda: google("POST", "reset"))
