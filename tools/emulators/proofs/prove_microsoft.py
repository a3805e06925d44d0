"""Proves the Graph emulator with Microsoft's own Python client, whose models know every field and every value."""

from __future__ import annotations

import microsoft_access  # noqa: F401
import microsoft_delta  # noqa: F401
import microsoft_subscriptions  # noqa: F401

from harness import run
from microsoft_client import graph

run(lambda: graph("POST", "reset"))
