"""Builds are retired, removed after a grace period, and say what changed; versions say since when they are here."""

from django.db import migrations, models
from django.db.models import Min
from django.utils import timezone


def date_what_is_there(apps, schema_editor):
    """A version is here since its first build; a build that is not current begins its grace period now."""
    version_model = apps.get_model("catalog", "DatasetVersion")
    build_model = apps.get_model("catalog", "IndexBuild")
    current = []
    for version in version_model.objects.annotate(first_built_at=Min("builds__built_at")):
        version.registered_at = version.first_built_at or timezone.now()
        if version.current_build:
            version.has_sizes = bool(version.current_build.manifest.get("has_sizes", True))
        version.save(update_fields=["registered_at", "has_sizes"])
        current.append(version.current_build_id)
    build_model.objects.exclude(pk__in=[pk for pk in current if pk]).update(retired_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="datasetversion",
            name="registered_at",
            field=models.DateTimeField(
                auto_now_add=True, default=timezone.now, help_text="When its first build was registered."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="datasetversion",
            name="has_sizes",
            field=models.BooleanField(default=True, help_text="Off: every size would read 0."),
        ),
        migrations.AddField(
            model_name="datasetversion",
            name="has_file_counts",
            field=models.BooleanField(
                default=True, help_text="Off: it names repositories and not their files."
            ),
        ),
        migrations.AddField(
            model_name="indexbuild",
            name="remarks",
            field=models.JSONField(default=list, help_text="Sentences said when it was registered."),
        ),
        migrations.AddField(
            model_name="indexbuild",
            name="retired_at",
            field=models.DateTimeField(
                help_text="Since when another build answers; its folder stays for a grace period.", null=True
            ),
        ),
        migrations.AddField(
            model_name="indexbuild",
            name="removed_at",
            field=models.DateTimeField(help_text="When its folder was removed.", null=True),
        ),
        migrations.AlterField(
            model_name="indexbuild",
            name="path",
            field=models.CharField(help_text="Folder below INDEX_DIR.", max_length=500, unique=True),
        ),
        migrations.AlterModelOptions(
            name="indexbuild",
            options={"ordering": ["-built_at", "-pk"]},
        ),
        migrations.RunPython(date_what_is_there, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="indexbuild",
            constraint=models.CheckConstraint(
                condition=models.Q(("removed_at__isnull", True), ("retired_at__isnull", False), _connector="OR"),
                name="only_a_retired_build_is_removed",
            ),
        ),
    ]
