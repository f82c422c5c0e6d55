"""An offer as section 2b writes it: prices as text in yuan, rates as "13%", scores as text."""

from decimal import Decimal
from typing import Any

from sandbox.companies import Supplier
from sandbox.offers import Offer

# Cities that are provinces too.
MUNICIPALITIES = ("上海", "北京", "天津", "重庆")


def offer_row(offer: Offer, base_url: str) -> dict[str, Any]:
    """One row of a reply's ``data``; what 1688 does not say of an offer is null."""
    trade, supplier = offer.trade, offer.supplier
    prices = trade.prices
    return {
        "offerId": int(offer.offer_id),
        "imageUrl": f"{base_url}/{offer.picture}",
        "subject": offer.title,
        "subjectTrans": f"Wholesale {offer.product.replace('-', ' ')}",
        "priceInfo": {
            "price": float(offer.price) if offer.price_is_number else str(offer.price),
            "jxhyPrice": _text(prices.selected),
            "pfJxhyPrice": _text(prices.selected_wholesale),
            "consignPrice": _text(prices.consign),
            "promotionPrice": _text(prices.promotion),
        },
        "isJxhy": prices.selected is not None,
        "repurchaseRate": _percent(trade.repurchase_rate),
        "monthSold": trade.monthly_sold,
        "minOrderQuantity": offer.min_buy,
        "isOnePsale": trade.dropshipping,
        "sellerIdentities": [] if supplier is None else list(supplier.identities),
        "offerIdentities": list(trade.identities),
        "tradeScore": _text(trade.trade_score),
        "isPatentProduct": trade.patented,
        "thirdCategoryId": int(trade.category_id),
        "sellerDataInfo": None if supplier is None else _seller(supplier),
        "productSimpleShippingInfo": {
            "shippingTimeGuarantee": f"shipIn{trade.ships_within}Hours" if trade.ships_within else None
        },
        "promotionURL": f"{base_url}/offer/{offer.offer_id}.html",
        "companyName": None if supplier is None else supplier.company_name,
        "companyAddress": None if supplier is None else _address(supplier),
        "createDate": f"{trade.created} 08:00:00" if trade.created else None,
        "traceInfo": f"object_id@{offer.offer_id}^object_type@offer",
    }


def _seller(supplier: Supplier) -> dict[str, Any]:
    return {
        "tradeMedalLevel": _text(supplier.medal_level),
        "compositeServiceScore": _text(supplier.service_score),
        "repeatPurchasePercent": _text(supplier.repeat_rate),
        "tpYear": supplier.years,
    }


def _address(supplier: Supplier) -> str:
    province = "" if supplier.province in MUNICIPALITIES else f"{supplier.province}省"
    return f"{province}{supplier.city}市"


def _text(value: Decimal | int | None) -> str | None:
    return None if value is None else str(value)


def _percent(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{rate:.0%}"
