from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """The business, its people, its voice."""

    name = "practice"
    verbose_name = "Practice"
