from searches.models.credential import Credential
from searches.models.image import QueryImage
from searches.models.job import SearchCall, SearchJob
from searches.models.match import OfferFields, Sighting, SupplierMatch

__all__ = ["Credential", "OfferFields", "QueryImage", "SearchCall", "SearchJob", "Sighting", "SupplierMatch"]
