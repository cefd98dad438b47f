"""The back office of the portal."""

from portal.admin import lessons

__all__ = ["lessons"]
