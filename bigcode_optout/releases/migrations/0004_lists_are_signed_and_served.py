import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0003_releases_are_prepared'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_id', models.CharField(editable=False, max_length=32, unique=True)),
                ('public_key', models.TextField(editable=False, help_text='In PEM.')),
                ('valid_from', models.DateField(editable=False, help_text='The earliest day of what it signs.')),
                ('valid_until', models.DateField(editable=False, help_text='Until further notice while empty.', null=True)),
                ('revoked_on', models.DateField(editable=False, help_text='It was lost or leaked.', null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['created_at', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='published_key_ends_after_it_begins'),
                ],
            },
        ),
        migrations.CreateModel(
            name='KeyedListKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret', models.CharField(editable=False, max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('release', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='keyed_list_key', to='releases.release')),
            ],
        ),
        migrations.CreateModel(
            name='DeltaExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(help_text='Folder below EXPORT_DIR.', max_length=500)),
                ('manifest', models.JSONField()),
                ('written_at', models.DateTimeField(auto_now_add=True)),
                ('before', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='releases.release')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deltas', to='releases.release')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('release', 'before'), name='delta_once_per_pair'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AccessToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.CharField(help_text='The person or team that has it.', max_length=100)),
                ('prefix', models.CharField(editable=False, max_length=20, unique=True)),
                ('secret_sha256', models.CharField(editable=False, max_length=64)),
                ('reads_list', models.BooleanField(default=False, editable=False)),
                ('reads_keyed', models.BooleanField(default=False, editable=False)),
                ('sends_verifications', models.BooleanField(default=False, editable=False)),
                ('terms_accepted_at', models.DateTimeField(editable=False, help_text='When the holder accepted the terms for holders of copies.', null=True)),
                ('expires_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('revoked_at', models.DateTimeField(editable=False, null=True)),
                ('last_used_at', models.DateTimeField(editable=False, null=True)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'permissions': [('issue_accesstoken', 'Can make access tokens'), ('revoke_accesstoken', 'Can revoke access tokens')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('reads_keyed', False), ('terms_accepted_at__isnull', False), _connector='OR'), name='keyed_token_has_accepted_terms'),
                    models.CheckConstraint(condition=models.Q(('reads_list', True), ('reads_keyed', True), ('sends_verifications', True), _connector='OR'), name='token_is_for_something'),
                ],
            },
        ),
    ]
