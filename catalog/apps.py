from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        # Models can be imported from here on.
        from batches import sources
        from catalog import exporting, marketplace, matching, pictures
        from catalog.imports import rejected
        from catalog.models import ItemPicture
        from catalog.models.pictures import FOLDER
        from catalog.vectors import preparing
        from exports import writers
        from searches import orphans, own

        # However a row goes, by a page or with its team, its file is to follow.
        post_delete.connect(pictures.row_deleted, sender=ItemPicture, dispatch_uid="items' pictures follow")
        orphans.look_into(FOLDER, pictures.named)
        # Rooms below search it beside their marketplaces, and know no more of it.
        own.register(own.Catalogue(marketplace.find, marketplace.searchable, marketplace.files_of))
        sources.register(matching.SCHEME, matching.read_picture)

        items = writers.Writer(_("catalogue"), exporting.write, exporting.shown, exporting.address)
        writers.register(exporting.WRITER, items)
        mend = writers.Writer(_("rows of an import to mend"), rejected.write, rejected.shown, rejected.address)
        writers.register(rejected.WRITER, mend)

        # An index of which Django knows nothing, and which pgvector may be missing for.
        post_migrate.connect(preparing.after_migrate, sender=self, dispatch_uid="index of vectors")
