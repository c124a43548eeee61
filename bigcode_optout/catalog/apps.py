"""The room's wiring."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Datasets, versions, and the index of each."""

    name = "bigcode_optout.catalog"
    label = "catalog"
