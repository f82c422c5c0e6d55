"""Files of results become everybody's own exports (exports/models.py): what was written before is written anew."""

import logging

from django.apps.registry import Apps
from django.core.files.storage import default_storage
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

logger = logging.getLogger(__name__)


def remove_files(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    written = apps.get_model("batches", "BatchExport").objects.exclude(file_name="")
    for name in written.values_list("file_name", flat=True):
        try:
            default_storage.delete(name)
        except OSError as error:
            # `manage.py removeorphans` finds it.
            logger.warning("A file of results stays in the storage: %s", type(error).__name__)


class Migration(migrations.Migration):
    dependencies = [("batches", "0004_several_photos_of_a_row")]

    operations = [
        migrations.RunPython(remove_files, migrations.RunPython.noop),
        migrations.DeleteModel(name="BatchExport"),
    ]
