"""The programs that `manage.py up` starts, watches and stops together on one machine."""
