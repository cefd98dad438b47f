from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('practice', '0051_retention_periods'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True)),
                ('holder', models.UUIDField(help_text='Made at random by each program that asks.')),
                ('until', models.DateTimeField()),
            ],
        ),
    ]
