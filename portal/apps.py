from django.apps import AppConfig


class PortalConfig(AppConfig):
    """What happened, what comes next."""

    name = "portal"
    verbose_name = "Portal"
