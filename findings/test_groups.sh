#!/usr/bin/env bash
# pytest-xdist 3.8.0 with pytest 9.2.0: `--dist loadgroup` keeps nothing together, and says nothing.
#
# What the documentation promises: tests with the same `xdist_group` mark run in one worker. With pytest 9.2.0
# they are spread over all workers, as with `--dist load`: since then a node's id is no attribute that the
# plugin can rewrite. A file's shared set-up is then made once in each worker; nothing fails, it only costs.
# With pytest 9.0.2 the same files run in one worker. `--dist loadfile` works with both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >test_a_group.py <<'PY'
import os

import pytest


@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(8))
def test_of_the_group(number):
    with open(os.environ["WORKERS"], "a") as told:
        told.write(os.environ["PYTEST_XDIST_WORKER"] + "\n")
PY

workers() { # VERSION MODE: how many workers the eight tests of the one group ran in
    [ -d "env-$1" ] || { python3 -m venv "env-$1" && "env-$1/bin/pip" install --quiet "pytest==$1" pytest-xdist==3.8.0; } >&2
    rm -f told
    WORKERS=$folder/told "env-$1/bin/python" -m pytest -q -n 4 --dist "$2" test_a_group.py >&2
    sort -u told | wc -l
}

before=$(workers 9.0.2 loadgroup)
now=$(workers 9.2.0 loadgroup)
by_file=$(workers 9.2.0 loadfile)
echo "workers for one group: pytest 9.0.2 loadgroup $before, pytest 9.2.0 loadgroup $now, pytest 9.2.0 loadfile $by_file"
[ "$before" -eq 1 ] && [ "$now" -gt 1 ] && [ "$by_file" -eq 1 ] || { echo "This has changed."; exit 1; }
