"""Inquiries to suppliers: what the team wants to know of whom, in Chinese and in English side by side.

The words of a sheet do not follow its reader's language: they go out to somebody else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from searches.formats import money
from searches.rows import marketplace_label
from suppliers.models import KeptPicture, ListEntry, Status, SupplierList
from suppliers.rows import picture_url

# More than one letter should ask.
MOST_ITEMS = 300


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    chinese: str
    english: str


TITLE = Words("询价单", "Inquiry")
TO, FROM, DATE, REFERENCE = (
    Words("致", "To"),
    Words("发自", "From"),
    Words("日期", "Date"),
    Words("编号", "Reference"),
)
GREETING = Words(
    "您好！我们对以下商品感兴趣，请按表格报价并回答后面的问题。谢谢！",
    "Hello! We are interested in the goods below. Please fill in your prices and answer the questions. Thank you!",
)
ITEMS, QUESTIONS, ANSWER = Words("商品", "Goods"), Words("问题", "Questions"), Words("答复", "Answer")
NUMBER, PICTURE, GOODS, LINK = (
    Words("序号", "No."),
    Words("图片", "Picture"),
    Words("商品", "Goods"),
    Words("链接", "Link"),
)
SHOWN_PRICE, QUANTITY, TARGET, YOUR_PRICE, DELIVERY, REMARK = (
    Words("页面价格", "Price shown"),
    Words("数量", "Quantity"),
    Words("目标单价", "Target price"),
    Words("您的单价", "Your price"),
    Words("交货期", "Delivery time"),
    Words("备注", "Remarks"),
)
# The columns on paper, where nothing can be clicked.
PRINTED = (NUMBER, PICTURE, GOODS, SHOWN_PRICE, QUANTITY, TARGET, YOUR_PRICE, DELIVERY, REMARK)
USUAL_QUESTIONS: tuple[Words, ...] = (
    Words("以上数量的单价是多少？含税吗？", "What is your unit price at this quantity? Does it include tax?"),
    Words("最小起订量是多少？", "What is your minimum order quantity?"),
    Words("大货生产需要多少天？", "How many days does production take?"),
    Words(
        "样品费和运费是多少？下大货后样品费可以退吗？",
        "What do a sample and its shipping cost? Is it refunded with an order?",
    ),
    Words("一箱装多少件？外箱尺寸和毛重是多少？", "How many pieces are in a carton? Its size and gross weight?"),
    Words("可以印我们的标志或更换包装吗？", "Can you print our logo, or change the packaging?"),
    Words("有哪些检测报告或认证？", "Which test reports or certificates do you have?"),
    Words("付款方式是什么？", "What are your terms of payment?"),
)


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier on a list; `entry`: one of its entries, by which it is asked for."""

    entry: int
    name: str
    marketplace: str
    offers: int


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the sheet. `picture_file`: the kept picture's name in the storage, "" without one."""

    entry: int
    number: int
    title: str
    offer_id: str
    url: str
    image_url: str
    picture_file: str
    currency: str
    price: Decimal | None
    quantity: int | None
    target_price: Decimal | None

    @property
    def price_text(self) -> str:
        return "" if self.price is None else money(self.price, self.currency)

    @property
    def target_text(self) -> str:
        return "" if self.target_price is None else money(self.target_price, self.currency)

    @property
    def quantity_text(self) -> str:
        return "" if self.quantity is None else f"{self.quantity:,}"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Everything that a sheet says, whether on paper or in a workbook. `left_out`: items beyond the most."""

    supplier: str
    sender: str
    day: date
    reference: str
    items: list[Item]
    questions: list[Words]
    left_out: int


def suppliers_of(supplier_list: SupplierList) -> list[Supplier]:
    """Those with offers that are not rejected, the most offers first: one query. Offers of nobody are left out."""
    entries = ListEntry.objects.filter(supplier_list=supplier_list).exclude(status=Status.REJECTED)
    named = entries.exclude(supplier_name="", supplier_id="").order_by()
    lines = named.values_list("marketplace", "supplier_id", "supplier_name").annotate(Count("pk"), Min("pk"))
    found: dict[tuple[str, str], Supplier] = {}
    for marketplace, supplier_id, name, offers, entry in lines:
        # One id under several names, as marketplaces have it, is one supplier.
        key = (marketplace, supplier_id or name)
        known = found.get(key)
        found[key] = Supplier(
            entry=min(entry, known.entry) if known else entry,
            name=(known.name if known else "") or name or supplier_id,
            marketplace=marketplace_label(marketplace),
            offers=offers + (known.offers if known else 0),
        )
    return sorted(found.values(), key=lambda supplier: (-supplier.offers, supplier.name))


def offers_of_supplier(entry: ListEntry) -> QuerySet[ListEntry]:
    """The list's entries of the same supplier, rejected ones left out."""
    same = (
        Q(supplier_id=entry.supplier_id) if entry.supplier_id else Q(supplier_id="", supplier_name=entry.supplier_name)
    )
    entries = ListEntry.objects.filter(same, supplier_list=entry.supplier_list_id, marketplace=entry.marketplace)
    return entries.exclude(status=Status.REJECTED).select_related("picture").order_by("pk")


def inquiry_to(entry: ListEntry, user: User, chosen: Iterable[int] = ()) -> Inquiry:
    """The sheet for the entry's supplier. `chosen`: ids of the entries to ask for; without any, all."""
    wanted = set(chosen)
    offers = [offer for offer in offers_of_supplier(entry) if not wanted or offer.pk in wanted]
    day = timezone.localdate()
    supplier_list = entry.supplier_list
    return Inquiry(
        supplier=entry.supplier_name or entry.supplier_id,
        sender=f"{user} · {supplier_list.team}",
        day=day,
        reference=f"{supplier_list.pk}-{entry.pk}-{day:%Y%m%d}",
        items=[_item(number, offer) for number, offer in enumerate(offers[:MOST_ITEMS], 1)],
        questions=questions_of(supplier_list),
        left_out=max(0, len(offers) - MOST_ITEMS),
    )


def questions_of(supplier_list: SupplierList) -> list[Words]:
    kept: Sequence[Any] = supplier_list.questions
    return [Words(*pair) for pair in kept] or list(USUAL_QUESTIONS)


def _item(number: int, entry: ListEntry) -> Item:
    picture = entry.picture
    is_kept = picture is not None and picture.state == KeptPicture.State.KEPT
    return Item(
        entry=entry.pk,
        number=number,
        title=entry.title or entry.offer_id,
        offer_id=entry.offer_id,
        url=entry.url,
        image_url=picture_url(entry),
        picture_file=picture.file_name if picture is not None and is_kept else "",
        currency=entry.currency,
        price=entry.price,
        quantity=entry.target_quantity,
        target_price=entry.target_price,
    )
