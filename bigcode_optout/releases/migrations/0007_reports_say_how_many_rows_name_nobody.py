from django.db import migrations, models


def read_reports(apps, schema_editor):
    using = schema_editor.connection.alias
    for kept in apps.get_model('releases', 'Verification').objects.using(using).all():
        kept.rows_without_login = int(kept.report.get('rows_without_login') or 0)
        kept.save(update_fields=['rows_without_login'])


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0006_releases_have_a_history'),
    ]

    operations = [
        migrations.AddField(
            model_name='verification',
            name='rows_without_login',
            field=models.BigIntegerField(default=0, help_text='Rows that name nobody, so that only their repositories could be compared.'),
        ),
        migrations.RunPython(read_reports, migrations.RunPython.noop, elidable=True),
    ]
