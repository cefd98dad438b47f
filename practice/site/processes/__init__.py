"""Everything on one machine: the programs that `manage.py up` starts, watches and stops together."""
