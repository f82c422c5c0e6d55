"""What a column of a sheet can say about an item, and which headings say that it does, in both languages."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Field(StrEnum):
    """The first ones are an item's own columns. Of `TIER` and `PICTURE` a sheet may have several."""

    CODE = "code"
    NAME = "name"
    SUPPLIER = "supplier_name"
    PRICE = "price"
    CURRENCY = "currency"
    MOQ = "moq"
    TIERS = "tiers"
    LAST_BOUGHT = "last_bought"
    NOTES = "notes"
    URL = "url"
    # A price from the quantity on that stands in the heading.
    TIER = "tier"
    PICTURE = "picture"


SEVERAL = (Field.TIER, Field.PICTURE)
LABELS: Mapping[Field, str | Promise] = MappingProxyType(
    {
        Field.CODE: _("Own code"),
        Field.NAME: _("Name"),
        Field.SUPPLIER: _("Supplier"),
        Field.PRICE: _("Price"),
        Field.CURRENCY: _("Currency"),
        Field.MOQ: _("MOQ"),
        Field.TIERS: _("Price tiers"),
        Field.LAST_BOUGHT: _("Last bought"),
        Field.NOTES: _("Notes"),
        Field.URL: _("Offer page"),
        Field.TIER: _("Price from the quantity in the heading"),
        Field.PICTURE: _("Picture"),
    }
)

# In the shape that `_bare` gives a heading.
_SPELLINGS: Mapping[Field, str] = MappingProxyType(
    {
        Field.CODE: """
            编码 編碼 编号 編號 货号 貨號 款号 款號 型号 型號 自有编码 自編碼 自编码 内部编码 产品编码 产品编号 商品编码
            商品编号 商品货号 产品货号 产品型号 物料编码 物料号 料号 商家编码 sku编码 sku编号 产品款号 我方编码
            code owncode ourcode itemcode productcode sku skuid skuno skucode itemno itemnumber itemid article articleno
            articlenumber productno productnumber productid partno partnumber model modelno modelnumber styleno
            stylenumber ref refno reference referenceno""",
        Field.NAME: """
            名称 名稱 品名 产品 產品 商品 产品名 产品名称 產品名稱 商品名 商品名称 商品标题 产品标题 标题 中文名称
            中文品名 货品名称 物料名称 描述 产品描述
            name product productname item itemname title producttitle itemtitle goodsname description productdescription
            itemdescription""",
        Field.SUPPLIER: """
            供应商 供應商 供应商名称 供货商 供貨商 厂家 廠家 工厂 工廠 生产厂家 厂商 店铺 店铺名称 卖家 公司 公司名称
            supplier suppliername suppliers vendor vendorname factory factoryname manufacturer seller company
            companyname shop boughtfrom""",
        Field.PRICE: """
            价格 價格 单价 單價 采购价 採購價 采购单价 进价 進價 进货价 成本价 成本 价钱 最近价格
            price unitprice buyprice buyingprice purchaseprice cost unitcost lastprice pricepaid paidprice""",
        Field.CURRENCY: """
            币种 幣種 货币 貨幣 币别 幣別 货币代码
            currency curr currencycode pricecurrency""",
        Field.MOQ: """
            起订量 起訂量 起批量 起购量 最小起订量 最低起订量 最小订购量 最小订量 最小采购量 起订 最小订货量
            moq minimumorder minimumorderquantity minorder minorderqty minorderquantity minimumqty minqty
            minimumquantity smallestorder""",
        Field.TIERS: """
            阶梯价 階梯價 阶梯价格 价格阶梯 阶梯报价 批量价 批发价 区间价 价格区间
            tiers tier pricetiers tierprices tierprice tieredprices tieredprice pricebreaks quantityprices volumeprices
            pricesbyquantity""",
        Field.LAST_BOUGHT: """
            上次采购 上次采购日期 上次采购时间 最近采购 最近采购日期 最近采购时间 上次购买 上次购买日期 采购日期
            下单日期 购买日期 最后采购 最后采购日期
            lastbought lastboughton lastpurchase lastpurchased lastpurchasedate lastorder lastordered lastorderdate
            boughton purchasedate orderdate datebought""",
        Field.NOTES: """
            备注 備註 说明 說明 注释 附注 备忘
            notes note remarks remark comment comments memo""",
        Field.URL: """
            链接 鏈接 連結 网址 網址 产品链接 商品链接 采购链接 报价页 报价页面 商品页 产品页 货源链接 1688链接
            url link offerpage offerlink offerurl productpage productlink producturl itemlink itemurl page website
            purchaselink""",
        Field.PICTURE: """
            图片 圖片 主图 主圖 产品图 產品圖 产品图片 產品圖片 商品图 商品图片 商品主图 图 图像 照片 相片 样图 款式图
            实物图 图片名 图片名称 图片文件 图片文件名 文件名 文件名称 图片链接 圖片鏈接 图片地址 图片网址 主图链接
            副图 附图 细节图 其他图片 更多图片
            picture pictures pic pics photo photos image images img imgs mainimage mainpicture mainphoto productimage
            productpicture productphoto itemphoto itempicture itemimage picturename photoname imagename imagefile
            picturefile photofile file filename filenames imageurl imageurls imagelink imageaddress pictureurl
            picturelink picurl photourl photolink imgurl additionalpictures additionalimages morepictures
            moreimages otherimages""",
    }
)
_FIELDS: Mapping[str, Field] = {
    spelling: field for field, spellings in _SPELLINGS.items() for spelling in spellings.split()
}
# Where a heading only contains a spelling, shorter ones than these say too little.
_SHORTEST_CHINESE, _SHORTEST_LATIN = 2, 4
_CONTAINABLE = sorted(
    (s for s in _FIELDS if len(s) >= (_SHORTEST_LATIN if s.isascii() else _SHORTEST_CHINESE)), key=len, reverse=True
)
_LONGEST = 60
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>")
_NOT_WORDS = re.compile(r"[\W_]+")
_COUNTED = re.compile(r"\d+$")
_QUANTITY = r"([0-9][0-9,]{0,11})"
_PIECES = r"(?:pcs?|pieces?|件|个|只|套)?"
# "100+", "≥ 100", "100 以上", "100 pcs and more", "1-99": perhaps with "price" before or behind.
_TIER_HEADING = re.compile(
    rf"(?:(?:unit ?)?price|单价|价格|价)?\s*(?:from|at|for|≥|>=)?\s*{_QUANTITY}\s*{_PIECES}\s*"
    rf"(?:\+|起|以上|and more|or more|[-–~至]\s*[0-9][0-9,]{{0,11}}\s*{_PIECES})\s*(?:(?:unit ?)?price|单价|价格|价)?"
    rf"|(?:(?:unit ?)?price|单价|价格|价)?\s*(?:from|≥|>=)\s*{_QUANTITY}\s*{_PIECES}",
    re.IGNORECASE,
)


def field_of(heading: str) -> Field | None:
    """The field whose spelling the heading is, but for case, blanks, marks, a number behind, and what stands in
    brackets; or a price from the quantity that it names."""
    if tier_quantity(heading) is not None:
        return Field.TIER
    bare = _bare(heading)
    return _FIELDS.get(bare) or _FIELDS.get(_COUNTED.sub("", bare))


def guess_columns(headings: Sequence[str], pictured: Sequence[int] = ()) -> list[str]:
    """For each column what it is taken for, "" for nothing: by its heading, else by a word in it; and those that hold
    pictures in their first rows for pictures. Of the fields that an item has once, the first column wins."""
    found: list[str] = [""] * len(headings)

    def take(column: int, field: Field | None) -> None:
        if field is not None and not found[column] and (field in SEVERAL or field.value not in found):
            found[column] = field.value

    for column, heading in enumerate(headings):
        take(column, field_of(heading))
    for column in pictured:
        take(column, Field.PICTURE)
    for column, heading in enumerate(headings):
        take(column, _field_within(heading))
    return found


def tier_quantity(heading: str) -> int | None:
    """From which quantity on the prices of a column are, by its heading; None when it names none."""
    match = _TIER_HEADING.fullmatch(unicodedata.normalize("NFKC", heading[:_LONGEST]).strip())
    if match is None:
        return None
    return int((match[1] or match[2]).replace(",", "")) or None


def _field_within(heading: str) -> Field | None:
    bare = _bare(heading)
    return next((_FIELDS[spelling] for spelling in _CONTAINABLE if spelling in bare), None)


def _bare(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading[:_LONGEST]).casefold()
    return _NOT_WORDS.sub("", _IN_BRACKETS.sub("", text)) or _NOT_WORDS.sub("", text)
