"""The scenes of the ten exercises: key positions, words and arrows."""

from __future__ import annotations

from dataclasses import replace

from tools.figures.from_above import above, side_lying
from tools.figures.marks import arc, straight
from tools.figures.positions import all_fours, sitting, supine
from tools.figures.scene import Scene
from tools.figures.skeleton import Pose

BENT = Pose(near_foot=18, far_foot=20)
ARMS = tuple(f"{side}-{part}" for side in ("near", "far") for part in ("hand", "forearm", "upper-arm"))
RUG = (-24.0, -15.0, 528.0, 330.0)
# The pelvis as a clock, seen from above: 12 toward the head, 6 toward the feet.
DIAL = (
    '<g transform="translate(356 92)"><circle class="dial" r="36"/>'
    '<path class="detail" d="M-36 0h6M36 0h-6M0-36v6M0 36v-6"/>'
    '<text class="number" x="-21" y="4">12</text><text class="number" x="22" y="4">6</text>'
    '<text class="number" x="0" y="-20">3</text><text class="number" x="0" y="28">9</text>'
    '<circle class="dot m pelvic-tilt-dot" r="5.5" transform="translate(10 0)"/></g>'
)
DIAL_RULES = (
    "@keyframes pelvic-tilt-dot{0%,9%{transform:translate(10px,0)}91%,100%{transform:translate(-7px,0)}}"
    ".pelvic-tilt-dot{animation-name:pelvic-tilt-dot}"
)

SCENES = [
    Scene(
        "pelvic-tilt",
        "The pelvis as a clock",
        "Lying on the back with knees bent. The pelvis rolls a little: the low back comes toward the floor, "
        "and away again.",
        supine,
        [
            replace(BENT, tilt=-18, waist=-1.4, chest=7, on_belly=True),
            replace(BENT, tilt=16, waist=1.0, on_belly=True),
        ],
        pillow=True,
        arrows=[arc(236, 208, 62, -78, -122, both=True)],
        extra=DIAL,
        rules=DIAL_RULES,
        ghost_without=("pelvis", "waist", "ribs"),
        marks=(("pelvis", "bowl"),),
        ghost_marks=(("pelvis", "rim"),),
        window=(72, 36, 352, 220),
    ),
    Scene(
        "knees-side-to-side",
        "Knees from side to side",
        "Seen from above: lying on the back, arms open, knees bent. Both knees sink together to one side, "
        "then to the other.",
        above,
        [Pose(turn=-0.9), Pose(turn=0.9)],
        ground="rug",
        window=RUG,
        arrows=[arc(282, 150, 140, -26, 26, both=True)],
    ),
    Scene(
        "knee-to-chest",
        "A knee toward the chest",
        "Lying on the back. Both hands hold one shin and draw the knee toward the chest; the other foot "
        "stays on the floor.",
        supine,
        [
            Pose(near_hip=88, near_knee=100, far_foot=20, hold=True),
            Pose(near_hip=122, near_knee=125, far_foot=20, hold=True, tilt=5),
        ],
        pillow=True,
        ghost_without=ARMS,
        arrows=[arc(252, 150, 60, -60, -120)],
        window=(72, 44, 352, 220),
    ),
    Scene(
        "bridge-roll",
        "A small bridge",
        "Lying on the back with knees bent. The pelvis peels off the floor, a hand's breadth, and rolls down "
        "again bone by bone.",
        supine,
        [BENT, replace(BENT, lift=7, tilt=18, chest=14)],
        pillow=True,
        arrows=[straight(222, 158, 222, 128)],
        window=(72, 50, 352, 220),
    ),
    Scene(
        "open-book",
        "The open book",
        "Seen from above: lying on the side, knees bent, arms in front, palms together. The upper arm opens "
        "like a page to the other side; eyes and chest follow, knees stay.",
        side_lying,
        [Pose(), Pose(turn=0.5), Pose(turn=1)],
        ground="rug",
        window=RUG,
        turned_over=True,
        seconds=8,
        arrows=[arc(168, 140, 112, 118, 238)],
    ),
    Scene(
        "cat-and-cow",
        "Cat and cow",
        "On hands and knees. The back rounds up and the head sinks; then the back hollows and the breastbone "
        "comes forward.",
        all_fours,
        [
            Pose(tilt=43, chest=9, upper_back=26, neck=28, head=48),
            Pose(tilt=-20, chest=-14, upper_back=-8, neck=-10, head=-18),
        ],
        ghost_without=ARMS,
        arrows=[straight(194, 94, 194, 72), straight(196, 186, 196, 208)],
        window=(2, 46, 352, 220),
    ),
    Scene(
        "heel-slide",
        "The heel that slides",
        "Lying on the back with knees bent. One heel slides along the floor until the leg is long, and comes "
        "back.",
        supine,
        [BENT, replace(BENT, near_foot=46.5)],
        pillow=True,
        arrows=[straight(318, 262, 402, 262, both=True)],
        window=(66, 50, 384, 240),
    ),
    Scene(
        "ankle-circles",
        "Circles of the ankle",
        "Sitting on a chair, one leg lifted a little. The foot draws slow circles from the ankle.",
        sitting,
        [
            Pose(near_hip=96, near_knee=52, ankle=ankle, turn=turn)
            for ankle, turn in ((12, 0), (-8, 1), (-30, 0), (-8, -0.6))
        ],
        loop=True,
        seconds=6,
        ground="chair",
        floor=280,
        arrows=[arc(388, 210, 17, -210, 90)],
        window=(20, 32, 416, 260),
    ),
    Scene(
        "shoulder-blade-circles",
        "Circles of the shoulder blade",
        "Sitting upright on a chair, hands on the thighs. The shoulder blade glides up, back, down and "
        "forward in a small circle.",
        sitting,
        [
            Pose(shoulder=(0, 3.0)),
            Pose(shoulder=(3.6, 0.4)),
            Pose(shoulder=(0.6, -3.2)),
            Pose(shoulder=(-1.4, 0)),
        ],
        loop=True,
        seconds=7,
        ground="chair",
        floor=280,
        ghosts=(1,),
        ghost_without=ARMS,
        ghost_marks=(("near-upper-arm", "shoulder-cap"),),
        arrows=[arc(143, 106, 14, 60, -230)],
        window=(20, 32, 416, 260),
    ),
    Scene(
        "head-turn",
        "The head that rolls",
        "Seen from above: lying on the back. The head rolls a little to one side, then to the other, resting "
        "all the time.",
        above,
        [Pose(head=-1, arm=62), Pose(head=1, arm=62)],
        ground="rug",
        window=(40, 40, 352, 220),
        arrows=[arc(150, 150, 90, 203, 157, both=True)],
    ),
]
