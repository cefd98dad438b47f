"""The demo's intakes before first sessions, through the actions behind the intake's pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from booking.intake.actions import hand_in, save_step
from booking.intake.answers import SIGNS
from booking.models import Intake, IntakeQuestion
from portal.demo.people import ANN, BEN, INES, LEO, MAYA, NOOR, OWEN, RUTH
from practice.consents import queries as consents_queries
from practice.consents.actions.consent import ConsentSubmission, publish
from practice.models import Consent, User

SINCE = dt.timedelta(days=400)  # the texts stand longer than anybody comes
SOME_TIME = dt.timedelta(minutes=50)  # from the booking to the evening's last page
SURE = dict.fromkeys(SIGNS, "no")
TREATMENT = (
    "I am coming of my own choice. I understand that Tess and Jonah work with their hands, that this is not "
    "medical treatment, and that it is no substitute for medical care.\n\nI will say right away if anything "
    "hurts or is too much, and we will stop. I can end a session at any time, without giving a reason."
)
QUESTION = "Is there anything about lying on a firm table that worries you?"
# By name: step → what was written. Without "signs" it is not handed in yet.
TOLD: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    ANN.name: {
        "since": {"since": "ten_years", "how": "After my second child. It came and stayed."},
        "where": {"marked": "pelvis:3 low-back:2 foot-left:1", "words": "Dull, and tired in the evening."},
        "change": {"better": "Walking in the woods.", "worse": "Standing in the kitchen."},
        "care": {"had": ["physical_therapy", "acupuncture"], "words": "Both did me good for a while."},
        "signs": {**SURE, "words": ""},
        "goals": {
            "goals": [
                {"what": "Sit through a concert", "now": 3},
                {"what": "Carry groceries up two floors", "now": 4},
                {"what": "Put my left sock on standing", "now": 2},
            ]
        },
    },
    LEO.name: {
        "since": {"since": "weeks", "how": "Moving house. A box of books."},
        "where": {"marked": "low-back:3 hip-right:1", "words": "Sharp when I get up, then stiff."},
        "change": {"better": "Lying with the legs on a chair.", "worse": "Getting out of the car."},
        "care": {"had": ["medicine"], "words": "My doctor looked at it: nothing broken."},
        "signs": {**SURE, "words": ""},
        "goals": {
            "goals": [
                {"what": "Tie my shoes", "now": 4},
                {"what": "Drive for an hour", "now": 2},
                {"what": "Lift my niece", "now": 0},
            ]
        },
    },
    NOOR.name: {
        "since": {"since": "years", "how": ""},
        "where": {"marked": "pelvis:1 hip-left:2 hip-right:2", "words": ""},
        "change": {"better": "Sleeping on the floor.", "worse": "The eleventh hour of a flight."},
        "care": {"had": ["massage"], "words": ""},
        "signs": {**SURE, "words": ""},
        "goals": {"goals": [{"what": "Land and walk straight", "now": 5}]},
    },
    BEN.name: {
        "since": {"since": "months", "how": "The van. Nine hours a day."},
        "where": {"marked": "low-back:2 hip-left:1 hip-right:1", "words": ""},
        "signs": {**SURE, "words": ""},
        "goals": {
            "goals": [{"what": "Drive to the coast", "now": 3}, {"what": "Play on the floor", "now": 5}]
        },
    },
    RUTH.name: {
        "since": {"since": "ten_years", "how": "Slowly."},
        "where": {"marked": "pelvis:2 low-back:2 knee-right:3 neck:1", "words": "It moves about."},
        "care": {"had": ["surgery", "physical_therapy"], "words": "The right knee, twice."},
        "signs": {**SURE, "words": ""},
        "goals": {"goals": [{"what": "Kneel in the garden", "now": 1}]},
    },
    OWEN.name: {"since": {"since": "year", "how": "The bag."}, "signs": {**SURE, "words": ""}},
    INES.name: {"since": {"since": "days", "how": ""}, "signs": {**SURE, "words": ""}},
    MAYA.name: {
        "since": {"since": "months", "how": "I could not say. One morning it was there."},
        "where": {"marked": "neck:2 shoulder-right:2", "words": ""},
    },
}


def publish_consent_text(*, now: dt.datetime) -> None:
    """Publish Tess's own treatment text, and a question of hers. The other text is the default."""
    publish(Consent.Kind.TREATMENT, TREATMENT, now=now)
    IntakeQuestion.objects.create(
        text=QUESTION, help_text="A knee, a breath that is short, a fear: anything."
    )


def write_intake(client: User, moment: dt.datetime) -> None:
    """Write the client's intake step by step, and hand it in where all is answered."""
    said = TOLD.get(client.name)
    intake = Intake.objects.filter(client=client, handed_in_at=None).first()
    if said is None or intake is None:
        return
    for step, part in said.items():
        intake = save_step(intake, step, part, version=intake.version, by=client, now=moment)
    if "signs" in said:
        versions = {text.kind: text.version for text in consents_queries.current_texts()}
        hand_in(intake, agreed=ConsentSubmission(client.name, versions), now=moment)
