import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("batches", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="batchrow",
            name="source_url",
            field=models.URLField(blank=True, max_length=2000, verbose_name="image address"),
        ),
        migrations.AlterField(
            model_name="batchrow",
            name="target_price",
            field=models.DecimalField(
                blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="target price"
            ),
        ),
        migrations.CreateModel(
            name="BatchExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("workbook", "workbook with pictures (XLSX)"), ("csv", "all offers (CSV)")],
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waits for a worker"),
                            ("writing", "being written"),
                            ("done", "ready"),
                            ("failed", "failed"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("run_token", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("rows_all", models.PositiveIntegerField(default=0)),
                ("error_message", models.CharField(blank=True, max_length=500)),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveBigIntegerField(default=0, help_text="bytes")),
                ("written_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exports", to="batches.batch"
                    ),
                ),
            ],
            options={"ordering": ("-kind",)},
        ),
        migrations.AddConstraint(
            model_name="batchexport",
            constraint=models.UniqueConstraint(fields=("batch", "kind"), name="one_batch_export_per_kind"),
        ),
    ]
