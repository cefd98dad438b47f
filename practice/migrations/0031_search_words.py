"""Keep the words under which people are found, also of everybody who is here already."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import practice.models.search
from practice.search.words import person_words

AT_ONCE = 500


def write_words(apps: Any, schema_editor: Any) -> None:
    """Write everybody's words, some hundred people at a time."""
    User, SearchWord = apps.get_model("practice", "User"), apps.get_model("practice", "SearchWord")
    last = 0
    while people := list(
        User.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "name", "email", "phone")[:AT_ONCE]
    ):
        last = people[-1][0]
        words = (
            SearchWord(user_id=pk, word=word)
            for pk, name, email, phone in people
            for word in sorted(person_words(name=name, email=email or "", phone=str(phone or "")))
        )
        SearchWord.objects.bulk_create(words, batch_size=AT_ONCE, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("practice", "0030_opens_first")]
    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", practice.models.search.WordField(max_length=60)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="practice.user",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["word", "user"], name="search_word_then_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "word"), name="search_word_once_for_each_person")
                ],
            },
        ),
        migrations.RunPython(write_words, migrations.RunPython.noop),
    ]
