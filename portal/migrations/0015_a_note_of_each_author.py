"""A note belongs to its session and its author: whoever takes a session over begins an empty page of their own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0024_places'),
        ('portal', '0014_american_words'),
        ('practice', '0016_video_link'),
    ]

    operations = [
        migrations.AlterField(
            model_name='sessionnote',
            name='appointment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='booking.appointment'),
        ),
        migrations.AddConstraint(
            model_name='sessionnote',
            constraint=models.UniqueConstraint(fields=('appointment', 'author'), name='one_note_of_each_author'),
        ),
        migrations.AddConstraint(
            model_name='sessionnote',
            constraint=models.UniqueConstraint(condition=models.Q(('signed_at__isnull', False)), fields=('appointment',), name='one_signed_note'),
        ),
    ]
