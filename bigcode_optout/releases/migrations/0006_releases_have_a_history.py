from django.db import migrations

# Of releases that were planned before their events were kept: code, state, and the columns of when and by whom.
STEPS = (
    ('plan', 'open', 'created_at', None),
    ('freeze', 'frozen', 'frozen_at', 'frozen_by_id'),
    ('hand_over', 'handed_over', 'handed_over_at', 'handed_over_by_id'),
)


def write_events(apps, schema_editor):
    using = schema_editor.connection.alias
    release_model = apps.get_model('releases', 'Release')
    event_model = apps.get_model('releases', 'ReleaseEvent')
    for release in release_model.objects.using(using).filter(events__isnull=True).order_by('pk'):
        before = ''
        number = 0
        for code, state, at_column, by_column in STEPS:
            at = getattr(release, at_column)
            if at is None:
                continue
            number += 1
            event_model.objects.using(using).create(
                release=release,
                number=number,
                code=code,
                from_state=before,
                to_state=state,
                happened_at=at,
                by_id=getattr(release, by_column) if by_column else None,
            )
            before = state


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0005_releases_are_verified_and_published'),
    ]

    operations = [
        # They go with their table on the way back.
        migrations.RunPython(write_events, migrations.RunPython.noop, elidable=True),
    ]
