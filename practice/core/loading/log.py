"""Settings import this before all that writes to the log, and that loads costly modules."""

from __future__ import annotations

from typing import Any

from practice.core.loading.late_modules import load_all_late, load_without

load_all_late()
#: It would load rich for tracebacks with colors; ours are plain.
structlog: Any = load_without("rich", "structlog")
