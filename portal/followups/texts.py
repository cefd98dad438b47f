"""The texts of follow-ups, by stage and variant. Subjects say nothing about anybody's body.

`%(it)s` is "the lesson" or "the movement". Between `opening` and `closing` stands what the client planned, in
their own words, introduced by `lead`; who has made no plan reads `without` instead. No promise, no scolding,
no counting of days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Text:
    """The words of one follow-up, lazily translated."""

    subject: Any
    opening: Any
    lead: Any
    without: Any
    closing: Any


WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "assigned-a": Text(
            _("A small beginning"),
            _(
                "No rush. There’s no deadline for what I gave you, and the first time is just for "
                "getting to know it."
            ),
            _("In our session you told me when and where you’d fit it in:"),
            _("It needs no more than a quiet corner and clothes you can move in."),
            _(
                "Begin smaller than you think you should. When you get curious about something, stay "
                "with it; when you’ve had enough, stop."
            ),
        ),
        "assigned-b": Text(
            _("Less than you can"),
            _(
                "Most of us begin by doing too much, because effort is what we were taught to trust. Here it "
                "is the other way around: the less you do, the more you can feel of what you do."
            ),
            _("You picked a time for it yourself:"),
            _("Any few minutes will do, as long as nobody needs anything from you."),
            _(
                "So try %(it)s once at half the size and half the speed. Pauses are part of it, and it ends "
                "when you like."
            ),
        ),
        "assigned-c": Text(
            _("Before the day fills up"),
            _(
                "It does not need a good day, or a free one. Whether you have been sitting, driving or "
                "carrying, there is already something to notice."
            ),
            _("This is what you said about when and where:"),
            _("If you like, choose a moment that comes every day anyway, and put %(it)s right after it."),
            _(
                "Before you begin, notice how you lie or sit or stand, and afterward notice it again. I "
                "don’t ask more than that of a first time."
            ),
        ),
        "opened-a": Text(
            _("Right where you left it"),
            _(
                "You have begun, and then something else came. That happens to everybody here, and it undoes "
                "nothing."
            ),
            _("The plan you made with me was this:"),
            _("It doesn’t have to be the same time again, or the same room."),
            _(
                "You’ll find %(it)s where you left it. Continue from there or start from the beginning, "
                "whichever makes you more curious."
            ),
        ),
        "opened-b": Text(
            _("Half of it counts"),
            _(
                "There is no prize for getting to the end. A short time with your attention in it is worth "
                "more than the whole of it in a hurry."
            ),
            _("Perhaps this still fits, in your own words:"),
            _("Perhaps there is a quieter moment in your day than the one you tried."),
            _(
                "If something made you stop, make that part smaller, or only imagine it: that is practice "
                "too. And if it was simply dinner, dinner is a good reason."
            ),
        ),
        "opened-c": Text(
            _("Stopping is part of it"),
            _(
                "You stopped on the way, and I do not mind at all. To notice when it is enough is one of the "
                "things I hope you take from this."
            ),
            _("You had also thought about when and where:"),
            _("When there is room again, a small piece is plenty."),
            _(
                "If you want to see the rest, go slowly over what you know and then see what comes. If "
                "something wasn’t clear, reply and ask me."
            ),
        ),
        "finished-a": Text(
            _("Once more?"),
            _("You went through it to the end. Now that you know the way, you can look around next time."),
            _("The time and the place you had chosen:"),
            _("It can be at a different hour than before, or in a different room."),
            _(
                "Take one question along: what is different from last time, neither better nor worse, only "
                "different?"
            ),
        ),
        "finished-b": Text(
            _("The same, only slower"),
            _(
                "What you have done once you can do again with less. Try %(it)s at half the speed, and leave "
                "out every effort you meet on the way."
            ),
            _("When and where, as you put it:"),
            _("A few minutes between two other things are enough."),
            _(
                "Perhaps one side moves more easily than the other. You don’t need to even that out; it "
                "is enough to know it."
            ),
        ),
        "finished-c": Text(
            _("With fresh eyes"),
            _(
                "Now that you know what comes, you need not wait for it. You can watch your breath instead, "
                "or the jaw, or the foot that seems to have nothing to do with it."
            ),
            _("Your own plan for it:"),
            _("The same hour as before may work again, or quite a different one."),
            _(
                "Write down a word or two afterward, if you like; next to the earlier ones they get "
                "interesting. I read them before we meet."
            ),
        ),
        "often-a": Text(
            _("You know the way"),
            _(
                "You have done this several times now, by yourself, at home. I want to say that I saw it, "
                "and that I am glad."
            ),
            _("This was your plan at the beginning:"),
            _("You have found your own times for it, without my help."),
            _(
                "From here on it can be yours: change the order, leave things out, make a pause as long "
                "as what you did before it. Less often, with more curiosity, is a fair trade."
            ),
        ),
        "often-b": Text(
            _("More room"),
            _(
                "When something has become familiar, it wants room more than repetition. Do a little of it, "
                "and then rest for as long as you did it, with nothing to achieve."
            ),
            _("If you still go by it, this is what you had planned:"),
            _("By now you know best which moment suits it."),
            _(
                "See whether anything of it turns up in the day by itself: on the stairs, at the sink, in a "
                "chair. I would like to hear about that when we meet."
            ),
        ),
        "often-c": Text(
            _("Yours by now"),
            _(
                "You came back to it again and again, and nobody made you. That is the part I can’t give "
                "anyone."
            ),
            _("The plan you made in the session:"),
            _("You settled on when and where a while ago."),
            _(
                "Play with %(it)s: the other side first, the eyes the other way, as small as a thought. If "
                "you would like something new beside it, tell me."
            ),
        ),
        "quiet-a": Text(
            _("Is this still useful?"),
            _(
                "I have not heard from you for a while, which may mean that all is well, or that there is a "
                "lot going on. Either is fine."
            ),
            _("This is what you had planned then:"),
            _("What I gave you is still there, and it can wait."),
            _(
                "Would you like to keep these emails, pause them for a few weeks, or stop them? The link "
                "is below, and a reply of one word is enough. If I hear nothing, I’ll leave you in peace "
                "after this one."
            ),
        ),
        "quiet-b": Text(
            _("A question, not a reminder"),
            _(
                "Some people practice without telling anybody, some have put it away, and some are in the "
                "middle of a move. I cannot see from here which it is, so I ask."
            ),
            _("You once had this in mind:"),
            _("Nothing has run out: you will find %(it)s where it was."),
            _(
                "If these emails still help, practice once or send me a line, and they’ll continue. You "
                "can pause or stop them below, and no answer is an answer too: then this is the last one "
                "for now."
            ),
        ),
        "quiet-c": Text(
            _("Should I keep writing?"),
            _(
                "It has been more than two weeks since I heard from you. Perhaps what I gave you does "
                "not fit your days as they are."
            ),
            _("The plan we began with was this:"),
            _("That would be good to know, and it would not be a failure."),
            _(
                "Then let us find something smaller, or something else: reply and tell me what gets in "
                "the way. You can also pause these emails or stop them; unless I hear from you, this is "
                "the last one before we meet."
            ),
        ),
    }
)
