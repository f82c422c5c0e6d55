"""`crops`: a box for each photo of a search. Until now there was one, for the only photo."""

from django.db import migrations, models

ROWS_A_TIME = 500


def name_the_photo(apps, schema_editor):
    jobs = apps.get_model("searches", "SearchJob").objects.using(schema_editor.connection.alias)
    for job in jobs.filter(crop__isnull=False).iterator(ROWS_A_TIME):
        photo = job.images.through._default_manager.using(jobs.db).filter(searchjob=job).order_by("pk").first()
        if photo and job.crop:
            jobs.filter(pk=job.pk).update(crops={str(photo.queryimage_id): job.crop})


def forget_the_photo(apps, schema_editor):
    """Of several photos' boxes none can be kept: the search showed, and shows, what it found."""
    jobs = apps.get_model("searches", "SearchJob").objects.using(schema_editor.connection.alias)
    for job in jobs.exclude(crops={}).iterator(ROWS_A_TIME):
        if job.images.count() == 1:
            jobs.filter(pk=job.pk).update(crop=next(iter(job.crops.values())))


class Migration(migrations.Migration):
    dependencies = [("searches", "0005_matches_of_several_photos")]

    operations = [
        migrations.AddField(
            model_name="searchjob",
            name="crops",
            field=models.JSONField(blank=True, default=dict, verbose_name="parts of the photos"),
        ),
        migrations.RunPython(name_the_photo, forget_the_photo),
        migrations.RemoveField(model_name="searchjob", name="crop"),
    ]
