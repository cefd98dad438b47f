"""A client who asks to be erased: on their own page, and a week later it happens."""

from __future__ import annotations

from datetime import timedelta

from tools.year.at_home import AtHome

FOUND = 302
PAGE = "/portal/data/erase/"
WAITS = timedelta(days=7)  # as the page says


def asks_to_be_erased(home: AtHome) -> None:
    """Sign in, type the word, and act no more."""
    world, device = home.world, home.devices[0]
    if home.is_gone or not world.id_of(home.person):
        return
    home.sign_in(device)
    answer = device.door.post(PAGE, {"word": "erase"})
    asked = answer.status_code == FOUND and answer["Location"].endswith("/portal/data/")
    world.done["erasure asked for" if asked else f"erasure refused ({answer.status_code})"] += 1
    if asked:
        home.booker.is_gone = True
        world.diary.note(world.now, "erasure asked", home.person.address, due=world.now + WAITS)
