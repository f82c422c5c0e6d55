"""What the headings of a product sheet mean, in both languages and the spellings that are common."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Field(StrEnum):
    """What a column can tell about a product."""

    PICTURE = "picture"
    URL = "url"
    CODE = "code"
    NAME = "name"
    TARGET_PRICE = "target_price"
    QUANTITY = "quantity"
    KEYWORDS = "keywords"


# In the shape that `_bare` gives a heading.
_SPELLINGS: Mapping[Field, str] = MappingProxyType(
    {
        Field.PICTURE: """
            图片 圖片 主图 主圖 产品图 產品圖 产品图片 產品圖片 商品图 商品图片 商品主图 图 图像 照片 相片 样图 款式图
            实物图 图片名 图片名称 图片文件 图片文件名 文件名 文件名称 檔名 檔案名稱
            picture pictures pic pics photo photos image images img mainimage mainpicture mainphoto productimage
            productpicture productphoto itemphoto itempicture itemimage picturename photoname imagename imagefile
            picturefile photofile file filename filenames picturefilename imagefilename photofilename""",
        Field.URL: """
            链接 鏈接 連結 网址 網址 图片链接 圖片鏈接 圖片連結 图片地址 圖片地址 图片网址 图片url
            主图链接 主图地址 主图url 产品链接 商品链接 图链接 照片链接
            url urls link links imageurl imageurls imagelink imagelinks imageaddress pictureurl picturelink picurl
            photourl photolink imgurl imglink mainimageurl productimageurl productimagelink imagesrc""",
        Field.CODE: """
            编码 編碼 编号 編號 货号 貨號 款号 款號 型号 型號 产品编码 产品编号 商品编码 商品编号 商品货号
            产品货号 产品型号 物料编码 物料号 料号 自编码 自有编码 商家编码 内部编码 sku编码 sku编号 商品sku 产品sku
            产品款号 sku skuid skuno skucode code itemcode productcode owncode itemno itemnumber itemid articleno
            article
            articlenumber productno productnumber productid partno partnumber model modelno modelnumber styleno
            stylenumber ref refno reference referenceno ourcode""",
        Field.NAME: """
            名称 名稱 品名 产品 產品 商品 产品名 产品名称 產品名稱 商品名 商品名称 商品標題 商品标题 产品标题 标题 標題
            中文名称 中文品名 货品名称 物料名称
            name product productname productnames item itemname title producttitle itemtitle goodsname description
            productdescription itemdescription""",
        Field.TARGET_PRICE: """
            目标价 目標價 目标价格 目標價格 目标单价 期望价 期望价格 心理价 心理价位 预期价格 预算单价 目标采购价
            采购价 采购单价 单价 單價 价格 價格 价钱
            targetprice target targetunitprice targetcost targetbuyprice wantedprice desiredprice expectedprice price
            unitprice buyprice purchaseprice""",
        Field.QUANTITY: """
            数量 數量 采购数量 採購數量 需求数量 需求量 采购量 订购数量 订货数量 订货量 订单数量 件数 预计数量
            quantity quantities qty orderqty orderquantity qtyneeded quantityneeded requiredqty requiredquantity pcs
            pieces units amount""",
        Field.KEYWORDS: """
            关键词 關鍵詞 关键字 關鍵字 搜索词 搜索关键词 搜索关键字 标签 標籤
            keyword keywords searchword searchwords searchterm searchterms searchkeywords tags""",
    }
)
_FIELDS: Mapping[str, Field] = {
    spelling: field for field, spellings in _SPELLINGS.items() for spelling in spellings.split()
}
_MORE_PHOTOS = """
    副图 副圖 附图 附圖 辅图 輔圖 细节图 細節圖 其他图片 更多图片 附加图片
    additionalpicture additionalpictures additionalphoto additionalphotos additionalimage additionalimages
    furtherpictures furtherphotos furtherimages morepictures morephotos moreimages otherpictures otherphotos
    otherimages"""
_FURTHER = frozenset(_MORE_PHOTOS.split())
# Where a heading only contains a spelling, shorter ones than these say too little.
_SHORTEST_CHINESE, _SHORTEST_LATIN = 2, 4
_CONTAINABLE = sorted(
    (s for s in _FIELDS if len(s) >= (_SHORTEST_LATIN if s.isascii() else _SHORTEST_CHINESE)), key=len, reverse=True
)
_LONGEST = 60
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>")
_NOT_WORDS = re.compile(r"[\W_]+")
_COUNTED = re.compile(r"\d+$")


def field_of(heading: str) -> Field | None:
    """The field whose spelling the heading is, but for case, blanks, marks, a number behind, and what stands in
    brackets."""
    bare = _bare(heading)
    return _FIELDS.get(bare) or _FIELDS.get(_COUNTED.sub("", bare))


def field_within(heading: str) -> Field | None:
    """The field whose longest spelling the heading contains ("Your target price, FOB")."""
    bare = _bare(heading)
    return next((_FIELDS[spelling] for spelling in _CONTAINABLE if spelling in bare), None)


def is_of_photos(heading: str) -> bool:
    """Whether a further column is headed like one of photos ("Picture 2", "副图")."""
    return field_of(heading) in (Field.PICTURE, Field.URL) or _COUNTED.sub("", _bare(heading)) in _FURTHER


def _bare(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading[:_LONGEST]).casefold()
    return _NOT_WORDS.sub("", _IN_BRACKETS.sub("", text)) or _NOT_WORDS.sub("", text)
