"""How long a booking takes when its database is far away: through a network that takes its time.

`python -m tools.scale.measure.far`, on the PostgreSQL that DATABASE_URL names. Prints JSON.
"""

from __future__ import annotations

import json
import logging
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from bench import booking_costs

# isort: split
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from tools.scale.measure.distance import distance

DISTANCES, EACH = (0.0, 0.03, 0.07, 0.15), 5  # seconds of a round trip


def seconds_of_a_booking(rtt: float) -> float:
    """Return the median time of the request that books, by a new person, on a connection that is open."""
    person = KIND.practitioners.first()
    assert person
    forms = [booking_costs.form(booking_costs.held(KIND, person)) for _ in range(EACH)]
    host = Path(connection.settings_dict["OPTIONS"]["host"])
    connection.close()
    took = []
    with distance(host, rtt / 2) as far:
        connection.settings_dict["OPTIONS"]["host"] = str(far)
        try:
            connection.ensure_connection()
            for where, said in forms:
                browser = Client(headers=booking_costs.ORIGIN)
                began = time.perf_counter()
                assert browser.post(where, said).status_code == 302
                took.append(time.perf_counter() - began)
        finally:
            connection.close()
            connection.settings_dict["OPTIONS"]["host"] = str(host)
    return statistics.median(took)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    settings.RATE_LIMITS = False
    with override_settings(ALLOWED_HOSTS=["*"]):
        KIND = booking_costs.seed()
        measured = {str(rtt): seconds_of_a_booking(rtt) for rtt in DISTANCES}
    trips = (measured["0.15"] - measured["0.0"]) / 0.15
    print(json.dumps({"booking_by_rtt": measured, "booking_trips": trips}))
