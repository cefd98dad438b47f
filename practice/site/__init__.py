"""The whole site: home page, health, `manage.py up`. Only this part of practice may know the other apps."""
