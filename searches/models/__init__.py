from searches.models.credential import Credential
from searches.models.image import QueryImage
from searches.models.job import SearchCall, SearchJob
from searches.models.match import OfferFields, Sighting, SupplierMatch, Trait
from searches.models.usage import CallCount

__all__ = [
    "CallCount",
    "Credential",
    "OfferFields",
    "QueryImage",
    "SearchCall",
    "SearchJob",
    "Sighting",
    "SupplierMatch",
    "Trait",
]
