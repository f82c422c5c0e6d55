"""Every text of the portal exists in Chinese, and the compiled catalogue is the one that can be read."""

import re
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.utils.translation import gettext, override

from batches.reading import ARCHIVE_MESSAGES, PROBLEM_MESSAGES, REASONS, SHEET_MESSAGES
from searches.fetching import FetchRefused
from searches.imaging.rejected import MESSAGES
from searches.marketplaces import MARKETPLACES, Remedy, errors
from searches.models import SearchCall, SearchJob
from tests.catalogues import (
    PACKAGES,
    ROOT,
    Message,
    compiled,
    read_mo,
    read_po,
    texts_of_code,
    texts_of_sources,
    texts_of_template,
)
from tests.factories import (
    NOON,
    CredentialFactory,
    SearchCallFactory,
    SearchJobFactory,
    SupplierListFactory,
    SupplierMatchFactory,
)
from tests.literals import literals_of_code, literals_of_template
from tests.searches.pages import text_of

CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
IN_CHINESE = {"Accept-Language": "zh-hans"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
KEYS = re.compile("<kbd>.*?</kbd>")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd%]")
# The product's name, and the other language as its readers know it.
FRAME = {"Tongkuan", "English"}
# Names that stand in both languages as they are.
SAID_IN_BOTH = {"同款", "Tongkuan", "中文", "XLSX"}
# What the 1688 console itself calls so, in Chinese too.
PROPER_NAMES = {"app key": "AppKey", "App key": "AppKey"}


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    return [message for message in read_po(CATALOGUE) if message.singular]


def names_of(messages: Iterable[Message]) -> list[str]:
    return [message.singular for message in messages]


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def said_by(page: HttpResponse) -> str:
    """What a page says, but for the keys of a keyboard: those are labelled in Latin letters in China, too."""
    return text_of(HttpResponse(KEYS.sub("", page.content.decode())))


def words_in(text: str) -> set[str]:
    """The words in Latin letters."""
    return set(re.findall("[A-Za-z]{2,}", PLACEHOLDER.sub("", text)))


def test_the_compiled_catalogue_is_the_readable_one():
    everything = read_po(CATALOGUE)
    assert len(everything) > 500
    assert read_mo(CATALOGUE.with_suffix(".mo")) == compiled(everything), "make messages, and commit both files"


def test_nothing_is_left_untranslated_or_guessed(messages):
    """Chinese has one plural form, so each message has exactly one text."""
    assert names_of(message for message in messages if message.fuzzy) == []
    assert names_of(message for message in messages if message.translations.keys() != {0}) == []
    texts = {message.singular: message.translations[0] for message in messages}
    latin = {text for text, chinese in texts.items() if words_in(chinese) and not CHINESE.search(chinese)}
    assert {text: texts[text] for text in latin} == PROPER_NAMES


def test_placeholders_are_kept(messages):
    """A plural's first form may leave the number out, the Chinese text may not."""
    assert [
        message.singular
        for message in messages
        if placeholders(message.translations[0]) != placeholders(message.singular) | placeholders(message.plural)
    ] == []


def test_no_stray_blanks_stand_around_a_translation(messages):
    assert names_of(message for message in messages if message.translations[0] != message.translations[0].strip()) == []


def test_texts_of_code_are_found():
    source = """
_("one" " long")
ngettext("%(n)d cat", "%(n)d cats", n)
pgettext("of a photo", "Size")
_(unknown)
print("not this")
"""
    assert list(texts_of_code(source)) == [
        ("", "one long", ""),
        ("", "%(n)d cat", "%(n)d cats"),
        ("of a photo", "Size", ""),
    ]


def test_texts_of_templates_are_found():
    source = """{% load i18n %}not this {% translate "it's" %}<a title="{% translate 'Go' as go %}">
{% blocktranslate with n=rows|length %}{{ n }} of 100 % {% endblocktranslate %}
{% blocktranslate count n=number trimmed %}
  One
  cat{% plural %}{{ n }} cats
{% endblocktranslate %}{{ x|default:_("none") }}{% translate "Size" context "of a photo" %}"""
    assert list(texts_of_template(source)) == [
        ("", "it's", ""),
        ("", "Go", ""),
        ("", "%(n)s of 100 %% ", ""),
        ("", "One cat", "%(n)s cats"),
        ("", "none", ""),
        ("of a photo", "Size", ""),
    ]


def test_every_text_of_the_sources_is_in_the_catalogue(messages):
    known = {message.key for message in messages}
    asked = set(texts_of_sources())
    assert len(asked) > 500
    missing = sorted(f"{path}: {key[1]}" for path, key in asked if key not in known)
    assert missing == [], "make messages, then translate; gettext finds no text inside an f-string"


def test_every_package_is_looked_through():
    """One that is forgotten would go untranslated unseen."""
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - {"tests", "benchmarks"} == set(PACKAGES)


def test_the_english_of_the_sources_is_english(messages):
    """The texts of the sources are what English readers read: Chinese at most as a name beside the words for it."""
    chinese = [message.singular for message in messages if CHINESE.search(message.singular + message.plural)]
    assert [text for text in chinese if not words_in(text)] == []


def test_literals_are_found():
    template = """{% comment %}not this{% endcomment %}<p title="Go" class="this not">{% translate "nor this" %}</p>
{% blocktranslate %}nor {{ x }}{% endblocktranslate %}
{% include "x.html" with text="handed on" key="name" %}<a href="{% url "not:this" %}">here {{ name }}</a>
<input type="submit" value="Send"><input value="typed"><kbd>Enter</kbd>"""
    assert list(literals_of_template(template)) == ["handed on", "Go", "here", "Send"]
    code = """
messages.error(request, "Not found")
messages.success(request, _("not this"))
forms.CharField(label="Name", help_text=_("nor this"), initial="nor that")
raise ValidationError(f"No {name}", code="no")
raise ValidationError("%s twice" % name)
"""
    assert sorted(literals_of_code(code)) == ["%s twice", "Name", "No ", "Not found"]


def test_nothing_that_people_read_escapes_translation():
    files = {path: literals_of_template(path.read_text("utf-8")) for path in (ROOT / "templates").rglob("*.html")}
    for package in PACKAGES:
        paths = [path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
        files |= {path: literals_of_code(path.read_text("utf-8")) for path in paths}
    found = {f"{path.relative_to(ROOT)}: {text}" for path, texts in files.items() for text in texts}
    assert {line for line in found if line.partition(": ")[2].strip("· ") not in SAID_IN_BOTH} == set()


def test_the_catalogue_holds_nothing_that_no_source_asks_for(messages):
    assert {message.key for message in messages} - {key for _path, key in texts_of_sources()} == set()


@pytest.mark.parametrize(
    "message",
    [
        *MESSAGES.values(),
        *FetchRefused.MESSAGES.values(),
        *(remedy.value for remedy in Remedy),
        *(rule.message for rule in vars(errors).values() if isinstance(rule, errors.Rule)),
        *ARCHIVE_MESSAGES.values(),
        *SHEET_MESSAGES.values(),
        *PROBLEM_MESSAGES.values(),
        *REASONS.values(),
    ],
)
def test_what_went_wrong_is_said_in_chinese(message):
    """These are only known when they happen: nothing but this finds one that was not marked for translation."""
    with override("zh-hans"):
        assert CHINESE.search(gettext(message))


@pytest.mark.parametrize("marketplace", MARKETPLACES.values(), ids=MARKETPLACES.keys())
def test_a_marketplace_is_described_in_chinese(marketplace):
    """An administrator reads of it what the vendors' consoles say in Chinese."""
    labels = [marketplace.label, *(key.label for key in marketplace.keys)]
    sentences = [marketplace.check_proves, *(key.help for key in marketplace.keys)]
    with override("zh-hans"):
        # The team's own catalogue has no account that could be checked.
        for text in filter(None, [*labels, *sentences]):
            chinese = gettext(text)
            assert chinese != text and (chinese == PROPER_NAMES.get(text) or CHINESE.search(chinese)), text


def test_the_sign_in_page_is_chinese(client, db):
    words = said_by(client.get("/accounts/sign-in/", headers=IN_CHINESE))
    assert "登录" in words
    assert words_in(words) == FRAME


def test_a_comparison_is_chinese(alice, team, signed_in):
    job = SearchJobFactory(
        team=team, owner=alice, title="旅行包", price_from=10, wholesale_only=True, preparation="enhanced"
    )
    SearchCallFactory(job=job, credential_name="1688", offers_found=2, from_cache=True)
    rule = errors.TIMED_OUT
    SearchCallFactory(
        job=job,
        credential_name="1688",
        status=SearchCall.Status.WAITING,
        not_before=NOON + timedelta(days=1),
        waits_for=SearchCall.Reason.RETRY,
        error_message=rule.message,
        error_remedy=rule.remedy,
        page=2,
    )
    SupplierMatchFactory(job=job, tiers=[[100, "1.00"]])
    SupplierMatchFactory(job=job, price=None, moq=None, similarity=None, supplier_credit=None, supplier_name="")
    SearchJob.objects.update(status=SearchJob.Status.PARTIAL)
    address = f"/searches/{job.pk}/?sort=price&credit_from=0&moq_to=1000&title_none=x&price_to=900"
    for page in (job.get_absolute_url(), address):
        words = said_by(signed_in(alice).get(page, headers=IN_CHINESE))
        assert "相似度" in words
        assert words_in(words) == FRAME | {"alice", "Outdoor", "CNY", "CSV", "MD", "XLSX"}


@pytest.mark.parametrize(
    ("page", "formats"),
    [
        ("/search/new/", {"JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF", "HEIC", "MB", "MD"}),
        ("/searches/", set()),
        ("/batches/", {"ZIP"}),
        ("/batches/new/", {"MD"}),
        ("/lists/", set()),
        ("/lists/new/", set()),
        ("/saved/", set()),
        ("/saved/views/", set()),
        ("/suppliers/", set()),
        ("/exports/", {"XLSX"}),
        ("/reckoning/", set()),
        ("/reckoning/weights/", set()),
        ("/reckoning/rates/", {"CSV"}),
        ("/accounts/password/", set()),
        ("/nowhere/", set()),
    ],
)
def test_pages_of_a_buyer_are_chinese(page, formats, alice, team, signed_in):
    CredentialFactory(name="沙箱")
    job = SearchJobFactory(team=team, owner=alice, title="旅行包")
    SupplierMatchFactory(job=job)
    SupplierListFactory(team=team, owner=alice, name="箱包")
    words = said_by(signed_in(alice).get(page, headers=IN_CHINESE))
    assert CHINESE.search(words)
    assert words_in(words) == FRAME | {"alice", "Outdoor"} | formats
