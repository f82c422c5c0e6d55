"""The sandbox's few HTML pages."""

from collections.abc import Iterable
from html import escape

from sandbox.dialects.dialect import Dialect
from sandbox.marketplace import Marketplace
from sandbox.offers import Offer

STYLE = """
:root{color-scheme:light dark;--bg:#f6f7f8;--panel:#fff;--ink:#1b1f24;--dim:#5c6670;--line:#e3e6ea;--mark:#c2410c}
@media (prefers-color-scheme:dark){
:root{--bg:#14171a;--panel:#1b1f24;--ink:#e8eaed;--dim:#9aa4ae;--line:#2c323a;--mark:#fb923c}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);
font:15px/1.55 system-ui,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
header{padding:10px 20px;background:var(--panel);border-bottom:1px solid var(--line)}
header b{color:var(--mark)}
main{max-width:880px;margin:24px auto;padding:0 20px}
h1,h2{font-size:20px;line-height:1.35;margin:0 0 12px}
a{color:inherit}
.offer{display:grid;grid-template-columns:minmax(0,400px) minmax(0,1fr);gap:28px;align-items:start}
.offer img{width:100%;border:1px solid var(--line);border-radius:8px;background:#fff}
dl{display:grid;grid-template-columns:auto 1fr;gap:6px 18px;margin:0}
dt{color:var(--dim)}dd{margin:0;font-variant-numeric:tabular-nums}
.price{font-size:24px;font-weight:650;color:var(--mark)}
.dim{color:var(--dim)}
.photos{display:grid;grid-template-columns:repeat(auto-fill,minmax(96px,1fr));gap:10px;margin-top:14px}
.photos img{width:100%;aspect-ratio:1;object-fit:cover;border:1px solid var(--line);border-radius:6px}
code{font-size:13px;overflow-wrap:anywhere}
.wide{overflow-x:auto;margin-bottom:24px}
table{border-collapse:collapse;width:100%}
th,td{padding:8px 18px 8px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
thead th{color:var(--dim);font-weight:400}
tbody th{font-weight:600}td code{white-space:nowrap}
button{font:inherit;padding:6px 18px;border:1px solid var(--line);border-radius:6px;background:var(--panel);
color:inherit;cursor:pointer}
button[value=allow]{background:var(--mark);border-color:var(--mark);color:var(--bg);font-weight:600}
@media (max-width:640px){.offer{grid-template-columns:1fr}}
"""


def offer_page(offer: Offer) -> str:
    """What a link to an offer shows."""
    supplier = offer.supplier
    facts = [
        ("价格 Price", f'<span class="price">¥{offer.price}</span>'),
        ("起订量 MOQ", "—" if offer.min_buy is None else f"{offer.min_buy} 件"),
        ("批发 Wholesale", "支持 yes" if offer.wholesale else "否 no"),
        ("供应商 Supplier", "—" if supplier is None else escape(supplier.company_name)),
    ]
    if supplier is not None:
        facts.append(("所在地 Location", escape(supplier.location)))
        facts.append(("信用等级 Credit level", f"{supplier.credit_level} / 5"))
    facts.append(("编号 Offer id", offer.offer_id))
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    title = escape(offer.title)
    picture = f'<img src="/{escape(offer.picture)}" alt="{title}">'
    return page(
        f"{title} · sandbox",
        f'<article class="offer">{picture}<div><h1>{title}</h1><dl>{rows}</dl></div></article>'
        '<p class="dim">This offer, its supplier and its price are invented, to try searches with.</p>',
    )


def home_page(marketplace: Marketplace, base_url: str, dialects: Iterable[Dialect]) -> str:
    """What this server is, which protocols it speaks where, and photos to try it with."""
    catalogue = marketplace.catalogue
    conduct = marketplace.conduct
    photos = "".join(
        f'<a href="/{escape(file)}"><img src="/{escape(file)}" alt="Query photo" loading="lazy"></a>'
        for file in catalogue.queries
    )
    suppliers = {offer.supplier.user_id for offer in catalogue.offers if offer.supplier is not None}
    return page(
        "Tongkuan sandbox marketplace",
        "<h1>A marketplace to try image searches with</h1>"
        f"<p>{len(catalogue.offers)} invented offers of {len(suppliers)} invented suppliers, found by what "
        f"their pictures look like. The base URL of every protocol is <code>{escape(base_url)}</code>; each takes "
        f"{conduct.limit} calls in {conduct.window:g} seconds an app key. App keys: "
        + ", ".join(f"<code>{escape(key)}</code>" for key in sorted(marketplace.accounts))
        + ".</p>"
        + _protocols(dialects)
        + (f'<h2>Photos to search for</h2><div class="photos">{photos}</div>' if photos else ""),
    )


def _protocols(dialects: Iterable[Dialect]) -> str:
    rows = "".join(
        f"<tr><th>{escape(dialect.title)}</th><td><code>{escape(dialect.key)}</code></td><td>"
        + "".join(f"<code>{escape(endpoint)}</code><br>" for endpoint in dialect.endpoints)
        + "</td></tr>"
        for dialect in dialects
    )
    return (
        '<h2>Protocols</h2><div class="wide"><table>'
        "<thead><tr><th>Protocol</th><th>Key</th><th>Paths below the base URL</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def not_found_page() -> str:
    return page("Not found · sandbox", "<h1>There is nothing here.</h1><p><a href='/'>To the start</a></p>")


def page(title: str, content: str) -> str:
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>"
        "<header><b>sandbox</b> · 演示数据，并非真实商品 (demo data, not real goods)</header>"
        f"<main>{content}</main></body></html>"
    )
