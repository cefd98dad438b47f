"""The words of letters rest encrypted from here on; the column is the same, what stands in it is sealed."""

from django.db import migrations

from practice.security.crypto import Unreadable, decrypt, encrypt
from practice.models.encrypted import EncryptedTextField

AT_ONCE = 500


def seal(apps, schema_editor):
    """Seal what stands in the clear. What is sealed already stays."""
    rewrite(apps, schema_editor, lambda words: encrypt(words) if words and not is_sealed(words) else words)


def open_again(apps, schema_editor):
    """Put it back in the clear. What nobody can open stays as it is."""
    rewrite(apps, schema_editor, lambda words: decrypt(words) if is_sealed(words) else words)


def is_sealed(words):
    try:
        return bool(words) and bool(decrypt(words))
    except Unreadable:
        return False


def rewrite(apps, schema_editor, change):
    letters = apps.get_model("practice", "Letter").objects.using(schema_editor.connection.alias)
    worded = letters.exclude(text="", html="").order_by("pk")
    last = 0
    while some := list(worded.filter(pk__gt=last).values_list("pk", "text", "html")[:AT_ONCE]):
        for pk, text, html in some:
            letters.filter(pk=pk).update(text=change(text), html=change(html))
            last = pk


class Migration(migrations.Migration):
    dependencies = [("practice", "0004_answers")]

    operations = [
        # Here the model still has plain texts: rows are read and written as they stand.
        migrations.RunPython(seal, open_again),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("letter", "text", EncryptedTextField(blank=True)),
                migrations.AlterField("letter", "html", EncryptedTextField(blank=True)),
            ]
        ),
    ]
