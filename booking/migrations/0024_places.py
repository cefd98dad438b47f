"""Places of sessions: at the practice, as all were until now, at the client's, by telephone, by video."""

from django.core.validators import MaxValueValidator, URLValidator
from django.db import migrations, models

from practice.models.encrypted import EncryptedTextField

PLACES = [
    ("practice", "at the practice"),
    ("client", "at the client's"),
    ("phone", "by telephone"),
    ("video", "by video"),
]


def of_the_demo(apps):
    """Return the demo's own home visits; nothing in a practice that it did not make."""
    if not apps.get_model("practice", "Practice").objects.filter(is_demo=True).exists():
        return apps.get_model("booking", "SessionType").objects.none()
    return apps.get_model("booking", "SessionType").objects.filter(slug="home-visit")


def visits_leave_the_house(apps, schema_editor):
    """Move the demo's home visits to the client's, with buffers as travel time. They free their rooms."""
    types = of_the_demo(apps)
    visits = apps.get_model("booking", "Appointment").objects.filter(session_type__in=types)
    visits.update(place="client", room=None)
    for before, after, pk in list(types.values_list("buffer_before", "buffer_after", "pk")):
        way = {"travel_before": before, "travel_after": after, "buffer_before": 0, "buffer_after": 0}
        types.filter(pk=pk).update(place="client", **way)


def visits_come_in_again(apps, schema_editor):
    """Turn travel time into a buffer again. The rooms stay free: somebody else may be in one by now."""
    types = of_the_demo(apps)
    for before, after, pk in list(types.values_list("travel_before", "travel_after", "pk")):
        types.filter(pk=pk).update(buffer_before=before, buffer_after=after)


class Migration(migrations.Migration):
    dependencies = [("booking", "0023_whose_session"), ("practice", "0016_video_link")]

    operations = [
        migrations.AddField(
            "sessiontype",
            "place",
            models.CharField(
                choices=PLACES,
                default="practice",
                help_text="At the client's: we ask for the address and a phone number. By telephone: you call.",
                max_length=8,
                verbose_name="where it is",
            ),
        ),
        migrations.AddField(
            "sessiontype",
            "travel_before",
            models.PositiveSmallIntegerField(
                default=0, validators=[MaxValueValidator(720)], verbose_name="minutes for the way there"
            ),
        ),
        migrations.AddField(
            "sessiontype",
            "travel_after",
            models.PositiveSmallIntegerField(
                default=0,
                help_text="Only at the client's. Kept free around the session, in addition to the buffers below.",
                validators=[MaxValueValidator(720)],
                verbose_name="minutes for the way back",
            ),
        ),
        migrations.AddField(
            "sessiontype",
            "video_link",
            models.URLField(
                blank=True,
                default="",
                help_text="For practitioners who have no link of their own.",
                max_length=300,
                validators=[URLValidator(schemes=["https"])],
                verbose_name="link to the video call",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "appointment",
            "place",
            models.CharField(choices=PLACES, default="practice", max_length=8, verbose_name="where it is"),
        ),
        migrations.AddField(
            "appointment",
            "address",
            EncryptedTextField(
                blank=True,
                default="",
                help_text="Only at the client's; may hold lines.",
                verbose_name="address of the visit",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "waitlistentry",
            "address",
            EncryptedTextField(blank=True, default="", verbose_name="address of the visit"),
            preserve_default=False,
        ),
        migrations.RunPython(visits_leave_the_house, visits_come_in_again, elidable=True),
    ]
