"""What happened, and what comes next."""

import practice  # noqa: F401
