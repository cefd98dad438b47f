"""The demo's wrap-ups of each past session, and what each client did at home after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.demo.people import ANN, BEN, INES, NOOR, OWEN, RUTH

FLOOR = "let-the-floor-hold-you"
HIPS = "where-the-leg-begins"
RIBS = "a-window-on-each-side"
FEET = "a-boat-at-its-mooring"


@dataclass(frozen=True)
class AssignmentSpec:
    """A lesson or an exercise to assign."""

    slug: str
    dosage: str
    word: str = ""


@dataclass(frozen=True, kw_only=True)
class PracticeSpec:
    """One time at home: so many days after the session, at this wall time where the client lives.

    `until`: where the lesson was left, in minutes; None is to the end. Of an exercise only the first four
    count.
    """

    days: int
    at: str
    slug: str = FLOOR
    felt: str = ""
    until: float | None = None
    lying: str = ""
    lying_after: str = ""
    noticing: str = ""
    pain: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class QuestionSpec:
    """A question, pinned to a minute of the lesson, and its answer some hours later."""

    days: int
    at: str
    text: str
    minute: float | None = None
    slug: str = FLOOR
    answer: str = ""
    hours: int = 5


@dataclass(frozen=True, kw_only=True)
class SessionSpec:
    """A session as it was wrapped up, and the time until the next one."""

    foundation: str
    low_back: str
    whole_body: str
    next_time: str
    touched: Mapping[str, int]
    home: tuple[AssignmentSpec, ...]
    plan: str = ""
    obstacle: str = ""
    practised: tuple[PracticeSpec, ...] = ()
    asked: tuple[QuestionSpec, ...] = ()
    amended: str = ""
    paid: str = "card"  # cash, card, or later; a package pays by itself


# By name, and which of the person's sessions, from 0.
WEEKS: Mapping[tuple[str, int], SessionSpec] = {
    (ANN.name, 0): SessionSpec(
        foundation="Left SI slow to answer. The sacrum follows the breath once she stops helping.",
        low_back="Guarded at L4 and L5, softer at the end.",
        whole_body="Left ribs hold; she breathes into the right side only. Old sprain, left ankle.",
        next_time="Ribs, then the ankle.",
        touched={"pelvis": 3, "low-back": 2, "ribs-left": 1},
        home=(
            AssignmentSpec(FLOOR, "Every second day", "Less than you can, Ann. I know you."),
            AssignmentSpec("the-pelvis-as-a-clock", "Ten small ones, before getting up"),
        ),
        plan="After breakfast, on the living-room rug, before I open the laptop.",
        obstacle="If the floor is cold, two blankets. If there is no time, only the first ten minutes.",
        practised=(
            PracticeSpec(days=1, at="08:10", lying="crooked", lying_after="flatter", pain=(5, 4)),
            PracticeSpec(days=1, at="21:40", slug="the-pelvis-as-a-clock"),
            PracticeSpec(
                days=3,
                at="08:05",
                until=11.4,
                noticing="Got as far as the ribs. My left side would not come along, so I left it there.",
            ),
            PracticeSpec(
                days=5,
                at="08:20",
                lying="left hip high",
                lying_after="both the same, nearly",
                noticing="The left knee falls further than the right. It was the other way around last week.",
                pain=(5, 3),
                felt="better",
            ),
            PracticeSpec(days=6, at="07:30", slug="the-pelvis-as-a-clock"),
            PracticeSpec(days=9, at="08:15", noticing="Fell asleep at the chime. Woke up flat as a pancake."),
            PracticeSpec(days=12, at="19:30", pain=(4, 3), noticing="Evenings are quieter than mornings."),
        ),
        asked=(
            QuestionSpec(
                days=5,
                at="08:52",
                minute=9.2,
                text="When the knee tilts, should the foot stay flat, or may its edge lift?",
                answer="Let the edge lift if it wants to. What matters is that the knee begins and the "
                "pelvis hears of it. Bring the foot along on Tuesday and we look at it together.",
            ),
        ),
    ),
    (ANN.name, 1): SessionSpec(
        foundation="SI answers on both sides now. She notices it herself before I do.",
        low_back="Quiet.",
        whole_body="Left ribs move with the breath. Ankle: the sprain of 2019 still stops her short.",
        next_time="The ankle she sprained in 2019.",
        touched={"pelvis": 1, "ribs-left": 3, "foot-left": 2},
        home=(
            AssignmentSpec(FLOOR, "Twice a week, when it suits"),
            AssignmentSpec("the-open-book", "Five on each side, once a day", "Stop where your breath stops."),
            AssignmentSpec(RIBS, "At the desk, when the screen has been too long"),
        ),
        plan="After breakfast, on the living-room rug, before I open the laptop.",
        obstacle="If the floor is cold, two blankets. If there is no time, only the first ten minutes.",
        practised=(
            PracticeSpec(days=2, at="08:00", slug="the-open-book"),
            PracticeSpec(days=3, at="08:10", pain=(4, 3), lying="even", lying_after="longer on the left"),
            PracticeSpec(days=4, at="08:00", slug="the-open-book", felt="better"),
            PracticeSpec(days=6, at="15:10", slug=RIBS, noticing="Two more ribs than I had this morning."),
            PracticeSpec(
                days=8,
                at="08:12",
                lying="my right shoulder blade is not there",
                lying_after="it is there",
                noticing="Half the movement really is more. I felt the ribs come along without being asked.",
                pain=(3, 2),
                felt="better",
            ),
            PracticeSpec(days=10, at="08:00", slug="the-open-book"),
            PracticeSpec(
                days=14,
                at="08:20",
                noticing="Left side longer. I can hear the kitchen clock, so I must be quieter too.",
                pain=(3, 2),
            ),
            PracticeSpec(days=17, at="12:40", slug=RIBS),
            PracticeSpec(days=19, at="08:02", until=7.7),
        ),
    ),
    (BEN.name, 0): SessionSpec(
        foundation="Right SI quiet after ten minutes on the side. Holds his breath when he turns.",
        low_back="Stiff from driving; L5 tender.",
        whole_body="Ribs on the left hold the breath. Hips short in front from sitting.",
        next_time="Hips and the front of the thighs.",
        touched={"pelvis": 2, "low-back": 2, "hip-left": 1, "hip-right": 1},
        home=(AssignmentSpec(FLOOR, "Three times a week", "In the van it does not count, Ben."),),
        plan="At nine in the evening when the children sleep, on the mat in the hall.",
        obstacle="If one of them wakes up, I do the rest lying in bed.",
        practised=(
            PracticeSpec(days=2, at="21:05", until=14.0, pain=(6, 6)),
            PracticeSpec(
                days=6,
                at="21:10",
                lying="like a board",
                lying_after="like a board that has lain in the sun",
                noticing="My breath stops every time my knee moves. I never knew that.",
                pain=(5, 4),
            ),
            PracticeSpec(days=10, at="21:00", pain=(5, 4)),
            PracticeSpec(days=15, at="21:20", noticing="Slower is harder."),
        ),
        amended="He wrote the day after: the seat of the van was an inch too low.",
    ),
    (BEN.name, 1): SessionSpec(
        paid="later",
        foundation="Right SI quiet. Left one starts to join in.",
        low_back="Softer. He can tie his shoes sitting down.",
        whole_body="Ribs on the left hold the breath.",
        next_time="The ankle he sprained in 2019.",
        touched={"pelvis": 1, "hip-left": 2, "hip-right": 2, "ribs-left": 2},
        home=(
            AssignmentSpec(HIPS, "Twice a week", "The hips first, Ben. The back will hear of it."),
            AssignmentSpec(
                "knees-from-side-to-side", "Eight, a rest, four more", "Leave the shoulders on the floor."
            ),
        ),
        plan="At nine in the evening when the children sleep, on the mat in the hall.",
        obstacle="If one of them wakes up, I do the rest lying in bed.",
        practised=(
            PracticeSpec(days=3, at="21:00", slug="knees-from-side-to-side"),
            PracticeSpec(
                days=5,
                at="21:10",
                slug=HIPS,
                pain=(5, 3),
                lying="right leg turned out",
                lying_after="it fell asleep before I did",
                noticing="I forgot the back altogether for eight minutes.",
                felt="better",
            ),
            PracticeSpec(days=9, at="21:00", slug="knees-from-side-to-side"),
        ),
        asked=(
            QuestionSpec(
                days=9,
                at="21:20",
                slug=HIPS,
                minute=5.3,
                text="My hip clicks when the knees go to the left. It does not hurt. Go on, or leave it?",
            ),
        ),
    ),
    (RUTH.name, 0): SessionSpec(
        paid="cash",
        foundation="Sacrum heavy on the right. Needs to be asked twice, then lets go.",
        low_back="Long pain here, eleven years. Nothing sharp today.",
        whole_body="Right knee, two operations. Neck carries what the back will not.",
        next_time="Slowly. The neck.",
        touched={"pelvis": 2, "low-back": 2, "knee-right": 1, "neck": 1},
        home=(
            AssignmentSpec(
                FLOOR, "When the house is quiet, ten minutes are enough", "You may stop anywhere, Ruth."
            ),
        ),
        plan="On Saturday and Wednesday afternoon, in the spare room, with the door shut.",
        obstacle="If the knee complains, a cushion under it, and only the breathing.",
        practised=(
            PracticeSpec(days=2, at="15:00", until=8.2, pain=(4, 4)),
            PracticeSpec(days=6, at="15:10", pain=(4, 3), noticing="The room is quieter than I thought."),
            PracticeSpec(days=11, at="15:00", noticing="My right heel is heavier. I like it heavy."),
        ),
    ),
    (RUTH.name, 1): SessionSpec(
        foundation="Sacrum answers sooner. She trusts the floor more than me, which is right.",
        low_back="Unchanged, and no worse.",
        whole_body="Neck turns further to the left. Knee left alone.",
        next_time="Ask how she sleeps.",
        touched={"pelvis": 2, "neck": 2},
        home=(
            AssignmentSpec(FLOOR, "When the house is quiet"),
            AssignmentSpec("the-head-that-rolls", "Ten, before getting up"),
        ),
        plan="On Saturday and Wednesday afternoon, in the spare room, with the door shut.",
        obstacle="If the knee complains, a cushion under it, and only the breathing.",
        practised=(
            PracticeSpec(days=2, at="07:10", slug="the-head-that-rolls"),
            PracticeSpec(days=4, at="15:00", pain=(4, 3), lying="flat", lying_after="flatter"),
            PracticeSpec(
                days=7,
                at="15:05",
                until=11.3,
                pain=(3, 6),
                noticing="Too far with the knee, I know.",
                felt="worse",
            ),
        ),
    ),
    (OWEN.name, 0): SessionSpec(
        paid="transfer",
        foundation="Pelvis turned a little to the left; stands on one leg, like all who carried mail.",
        low_back="Tired, not sore.",
        whole_body="Right shoulder higher by a finger.",
        next_time="The shoulder that carried the bag.",
        touched={"pelvis": 2, "shoulder-right": 2},
        home=(AssignmentSpec(FLOOR, "Twice a week"),),
        plan="Sunday evening, in front of the fire.",
        obstacle="If it gets late, on Monday.",
    ),
    (INES.name, 0): SessionSpec(
        foundation="Both sides answer. Small movements, big difference.",
        low_back="Quiet.",
        whole_body="Feet that never touch the ground with the whole sole.",
        next_time="Feet.",
        touched={"pelvis": 1, "foot-left": 2, "foot-right": 2},
        home=(
            AssignmentSpec(FEET, "Once a week, in socks"),
            AssignmentSpec("circles-of-the-ankle", "At the desk, when the kettle is on"),
        ),
        plan="Mientras hierve el agua, y los domingos por la mañana.",
        practised=(
            PracticeSpec(days=1, at="10:30", slug="circles-of-the-ankle"),
            PracticeSpec(days=3, at="09:15", slug=FEET, noticing="Tengo diez dedos.", lying_after="ancha"),
            PracticeSpec(days=4, at="16:00", slug="circles-of-the-ankle"),
        ),
    ),
    (NOOR.name, 0): SessionSpec(
        foundation="Sacrum follows the breath at once. Long flights sit in the hips.",
        low_back="Tight from sitting, nothing more.",
        whole_body="Hips and ankles swollen from the flight; neck turns freely.",
        next_time="Begin with the ankles.",
        touched={"pelvis": 2, "hip-left": 1, "hip-right": 1, "foot-left": 1, "foot-right": 1},
        home=(
            AssignmentSpec(FLOOR, "In every hotel room once", "A hotel carpet is a floor too."),
            AssignmentSpec("circles-of-the-ankle", "On the plane, every hour"),
        ),
        plan="In the morning, between the bed and the window, before the first coffee.",
        obstacle="If the room is too small, with my legs on the bed.",
    ),
}
