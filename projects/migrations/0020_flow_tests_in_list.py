from typing import Any

from django.db import migrations, models

from projects.testing.listed import listed


def shorten(apps: Any, schema_editor: Any) -> None:
    """What lists tell of the results that there are."""
    for test in apps.get_model("projects", "FlowTest").objects.exclude(result=None).iterator(chunk_size=20):
        test.in_list = listed(test.result)
        test.save(update_fields=["in_list"])


class Migration(migrations.Migration):
    dependencies = [("projects", "0019_flow_test_runs")]

    operations = [
        migrations.AddField(model_name="flowtest", name="in_list", field=models.JSONField(default=None, null=True)),
        migrations.RunPython(shorten, migrations.RunPython.noop),
    ]
