"""The whole site: home page, health, `manage.py up`. The only part of practice that knows other apps."""
