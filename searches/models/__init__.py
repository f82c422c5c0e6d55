from searches.models.credential import Credential
from searches.models.image import QueryImage
from searches.models.job import SearchCall, SearchJob
from searches.models.look import Look, OfferPicture
from searches.models.match import OfferFields, Sighting, SupplierMatch, Trait
from searches.models.usage import CallCount

__all__ = [
    "CallCount",
    "Credential",
    "Look",
    "OfferFields",
    "OfferPicture",
    "QueryImage",
    "SearchCall",
    "SearchJob",
    "Sighting",
    "SupplierMatch",
    "Trait",
]
