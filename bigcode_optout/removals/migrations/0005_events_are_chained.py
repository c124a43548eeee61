import django.db.models.deletion
from django.db import migrations, models

from bigcode_optout.removals import triggers
from bigcode_optout.removals.chaining import Link, hash_of_text, new_salt

BATCH = 500


def chain_events(apps, schema_editor):
    """Give each event that is there its place in the chain, and each request the end of it."""
    # After a way back and forth they still stand on PostgreSQL; they come again after the migration.
    triggers.drop(schema_editor.connection)
    using = schema_editor.connection.alias
    RequestEvent = apps.get_model("removals", "RequestEvent")
    EventText = apps.get_model("removals", "EventText")
    EventHead = apps.get_model("removals", "EventHead")
    ids = list(
        RequestEvent.objects.using(using).order_by("request_id").values_list("request_id", flat=True).distinct()
    )
    for start in range(0, len(ids), BATCH):
        events = list(
            RequestEvent.objects.using(using)
            .filter(request_id__in=ids[start : start + BATCH])
            .order_by("request_id", "number")
        )
        texts = {
            text.event_id: text
            for text in EventText.objects.using(using).filter(event__request_id__in=ids[start : start + BATCH])
        }
        heads = {}
        for event in events:
            text, head = texts.get(event.pk), heads.get(event.request_id)
            if text is not None:
                text.salt = new_salt()
                event.text_hash = hash_of_text(text.salt, text.text)
            event.previous_hash = head.hash if head else ""
            event.hash = Link(
                request_id=event.request_id,
                number=event.number,
                code=event.code,
                by_role=event.by_role,
                by_id=event.by_id,
                from_state=event.from_state,
                to_state=event.to_state,
                data=event.data,
                is_internal=event.is_internal,
                happened_at=event.happened_at,
                text_hash=event.text_hash,
                previous_hash=event.previous_hash,
            ).hash
            heads[event.request_id] = EventHead(
                request_id=event.request_id, number=event.number, hash=event.hash
            )
        RequestEvent.objects.using(using).bulk_update(
            events, ["text_hash", "previous_hash", "hash"], batch_size=BATCH
        )
        EventText.objects.using(using).bulk_update(texts.values(), ["salt"], batch_size=BATCH)
        EventHead.objects.using(using).bulk_create(heads.values(), batch_size=BATCH)


class Migration(migrations.Migration):

    dependencies = [
        ('removals', '0004_frozen_parts_can_be_doubted'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='removalrequest',
            options={'ordering': ['due_at', 'pk'], 'permissions': [('decide_removalrequest', 'Can decide requests and ask questions'), ('decide_senior', 'Can decide about large organisations and appeals')]},
        ),
        migrations.CreateModel(
            name='EventHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='Of the last event.')),
                ('hash', models.CharField(max_length=64)),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='event_head', to='removals.removalrequest')),
            ],
        ),
        migrations.AddField(
            model_name='eventtext',
            name='salt',
            field=models.CharField(blank=True, default='', help_text='Goes when the words go.', max_length=32),
        ),
        migrations.AddField(
            model_name='requestevent',
            name='hash',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='requestevent',
            name='previous_hash',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='requestevent',
            name='text_hash',
            field=models.CharField(blank=True, default='', help_text='Of salt and words.', max_length=64),
        ),
        migrations.RunPython(chain_events, migrations.RunPython.noop),
    ]
