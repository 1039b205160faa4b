from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0017_flow_tests"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="code_for_owners",
            field=models.BooleanField(default=False),
        ),
    ]
