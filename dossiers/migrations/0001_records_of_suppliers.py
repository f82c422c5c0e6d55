"""Records of suppliers: merged and taken apart, with notes and files, and which searches they were counted from."""

import accounts.attachments
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('searches', '0007_offers_are_remembered'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CountedSearch',
            fields=[
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='searches.searchjob')),
                ('finished_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Supplier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marketplace', models.CharField(max_length=40, verbose_name='marketplace')),
                ('supplier_id', models.CharField(blank=True, max_length=64, verbose_name='supplier id')),
                ('supplier_name', models.CharField(blank=True, max_length=200)),
                ('display_name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('names', models.TextField(blank=True, verbose_name='names')),
                ('location', models.CharField(blank=True, max_length=100, verbose_name='location')),
                ('offers_count', models.PositiveIntegerField(default=0, verbose_name='offers seen')),
                ('first_seen_at', models.DateTimeField(null=True, verbose_name='first seen')),
                ('last_seen_at', models.DateTimeField(null=True, verbose_name='last seen')),
                ('counted_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('survivor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='members', to='dossiers.supplier')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suppliers', to='accounts.team')),
            ],
            options={
                'verbose_name': 'supplier',
                'verbose_name_plural': 'suppliers',
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=4000, verbose_name='note')),
                ('written_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='dossiers.supplier')),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'ordering': ('-written_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='dossiers.supplier')),
                ('survivor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges_received', to='dossiers.supplier')),
            ],
            options={
                'verbose_name': 'merge',
                'verbose_name_plural': 'merges',
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='SupplierFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(max_length=200, upload_to=accounts.attachments.storage_name, verbose_name='file')),
                ('name', models.CharField(max_length=200, verbose_name='file name')),
                ('mime', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField(help_text='bytes', verbose_name='size')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='attached')),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='dossiers.supplier')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'file',
                'verbose_name_plural': 'files',
                'ordering': ('-uploaded_at', '-pk'),
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='supplier',
            index=models.Index(fields=['team', 'survivor', '-last_seen_at'], name='supplier_by_last_seen'),
        ),
        migrations.AddIndex(
            model_name='supplier',
            index=models.Index(fields=['team', 'survivor', '-offers_count'], name='supplier_by_offers'),
        ),
        migrations.AddIndex(
            model_name='supplier',
            index=models.Index(fields=['counted_at'], name='supplier_by_count'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.UniqueConstraint(fields=('team', 'marketplace', 'supplier_id', 'supplier_name'), name='one_record_per_team_and_supplier'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.CheckConstraint(condition=models.Q(('survivor', models.F('id')), _negated=True), name='supplier_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('supplier_id', ''), models.Q(('supplier_name', ''), _negated=True)), models.Q(models.Q(('supplier_id', ''), _negated=True), ('supplier_name', '')), _connector='OR'), name='supplier_by_id_or_else_by_name'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('merged',), name='merged_into_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('survivor', models.F('merged')), _negated=True), name='merge_of_two'),
        ),
    ]
