"""Versions are swept for what should be left out, and what is found is listed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_builds_retire_and_are_removed'),
        ('releases', '0001_initial'),
        ('removals', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='VersionSweep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('running', 'running'), ('done', 'done'), ('failed', 'failed')], default='running', max_length=20)),
                ('number', models.PositiveIntegerField(default=0, help_text='Counts the tries: the last one that began counts.')),
                ('failure_count', models.PositiveIntegerField(default=0, help_text='Failures since the last success.')),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('lease_until', models.DateTimeField(help_text='A worker sweeps until then; one that is silent for longer is dead.', null=True)),
                ('next_attempt_at', models.DateTimeField(help_text='After a failure: not to be tried before.', null=True)),
                ('rule_count', models.IntegerField(default=0, help_text='Names and numbers that were looked for.')),
                ('found_count', models.IntegerField(default=0, help_text='Different repositories that one of them covers.')),
                ('failure', models.CharField(blank=True, max_length=400)),
                ('build', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.indexbuild')),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sweep', to='catalog.datasetversion')),
            ],
            options={
                'ordering': ['-version__data_date', '-version__name'],
            },
        ),
        migrations.CreateModel(
            name='Reappearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('full_name', models.CharField(max_length=250)),
                ('repository_id', models.BigIntegerField(null=True)),
                ('file_count', models.BigIntegerField()),
                ('byte_count', models.BigIntegerField()),
                ('found_by', models.CharField(choices=[('name', 'its name'), ('spelling', 'its name in another spelling'), ('number', 'its repository number, under another name')], max_length=20)),
                ('is_unexpected', models.BooleanField(default=False, help_text='The version came after that list, so it should be without it.')),
                ('excluded_since', models.ForeignKey(help_text='The list that had it first; empty while no frozen list has it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='releases.release')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reappearances', to='removals.scopeitem')),
                ('sweep', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reappearances', to='releases.versionsweep')),
            ],
            options={
                'ordering': ['-is_unexpected', 'full_name'],
            },
        ),
        migrations.AddConstraint(
            model_name='versionsweep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='done_sweep_has_its_time'),
        ),
        migrations.AddIndex(
            model_name='reappearance',
            index=models.Index(fields=['is_unexpected', 'full_name'], name='reappearance_unexpected'),
        ),
        migrations.AddConstraint(
            model_name='reappearance',
            constraint=models.UniqueConstraint(fields=('sweep', 'item', 'full_name', 'repository_id'), name='reappeared_once_with_id'),
        ),
        migrations.AddConstraint(
            model_name='reappearance',
            constraint=models.UniqueConstraint(condition=models.Q(('repository_id__isnull', True)), fields=('sweep', 'item', 'full_name'), name='reappeared_once_without_id'),
        ),
        migrations.AddConstraint(
            model_name='reappearance',
            constraint=models.CheckConstraint(condition=models.Q(('is_unexpected', False), ('excluded_since__isnull', False), _connector='OR'), name='unexpected_names_its_list'),
        ),
    ]
