from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("batches", "0005_files_are_exports")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="hints",
            field=models.CharField(blank=True, editable=False, max_length=60),
        )
        for name in ("batchphoto", "batchrow")
    ]
