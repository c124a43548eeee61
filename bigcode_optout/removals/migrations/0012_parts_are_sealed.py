"""Of parts that were sent before no event keeps anything of the names: they get a salt with their next decision."""

from django.db import migrations, models

import bigcode_optout.removals.chaining


def salt_drafts(apps, schema_editor):
    for item in apps.get_model("removals", "ScopeItem").objects.filter(request__state="draft").iterator():
        item.salt = bigcode_optout.removals.chaining.new_salt()
        item.save(update_fields=["salt"])


class Migration(migrations.Migration):
    dependencies = [
        ("removals", "0011_the_queue_is_read_from_an_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="scopeitem",
            name="salt",
            field=models.CharField(blank=True, default="", editable=False, max_length=32),
        ),
        migrations.RunPython(salt_drafts, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="scopeitem",
            name="salt",
            field=models.CharField(
                blank=True,
                default=bigcode_optout.removals.chaining.new_salt,
                editable=False,
                help_text="Of what events keep of the name. Goes when the name goes.",
                max_length=32,
            ),
        ),
    ]
