"""What the comparison says of offers that the team has seen before."""

from datetime import timedelta
from types import SimpleNamespace

from django.template import Context, Template
from django.utils import timezone, translation

from dossiers.templatetags.team_memory import supplier_page_of, team_memory
from searches.models import SupplierMatch
from tests.factories import MARKETPLACE, NOON, SearchJobFactory, SupplierMatchFactory

TEMPLATE = Template(
    "{% load team_memory %}{% team_memory rows job as memory %}{% for row in rows %}"
    "{% seen_before memory row.id %}|{% supplier_page memory row.id %}##{% endfor %}"
)


def rows_of(*matches: SupplierMatch) -> list[SimpleNamespace]:
    return [SimpleNamespace(id=match.pk, match=match) for match in matches]


def shown(job, *matches) -> list[str]:
    rows = rows_of(*matches)
    return TEMPLATE.render(Context({"rows": rows, "job": job})).strip().split("##")[:-1]


def test_a_line_for_what_was_seen_before_and_a_way_to_the_supplier(team, march, today, bag):
    this_year = timezone.now().replace(month=3, day=17, hour=4)
    march.matches.update(fetched_at=this_year)
    new = SupplierMatchFactory(job=today, supplier_id="", supplier_name="")
    (seen, of_hengda), (unseen, of_nobody) = (line.split("|") for line in shown(today, bag, new))
    assert "seen in 1 other search</a> · ¥12.80 in March" in seen
    assert f'href="/searches/{march.pk}/"' in seen
    assert f'title="{this_year:%Y}-03-17 · ¥12.80 · Bags in March"' in seen
    assert of_hengda == f"/suppliers/of/?team={team.pk}&amp;marketplace={MARKETPLACE}&amp;id=b2b-hengda"
    assert (unseen.strip(), of_nobody) == ("", "")


def test_of_another_year_the_year_is_said_in_the_readers_language(team, bag, today):
    SupplierMatch.objects.exclude(pk=bag.pk).update(fetched_at=NOON - timedelta(days=730))
    assert "¥12.80 in November 2024" in shown(today, bag)[0]
    with translation.override("zh-hans"):
        assert "2024年11月" in shown(today, bag)[0]


def test_all_prices_and_titles_are_told_and_escaped(team, bag, today):
    other = SearchJobFactory(team=team, title='<b>"Bags"</b>')
    SupplierMatchFactory(job=other, offer_id=bag.offer_id, price=None, fetched_at=NOON - timedelta(days=1))
    third = SearchJobFactory(team=team)
    SupplierMatchFactory(job=third, offer_id=bag.offer_id, price="14.00", fetched_at=NOON - timedelta(days=300))
    line = shown(today, bag)[0]
    assert "seen in 3 other searches" in line
    assert "&lt;b&gt;&quot;Bags&quot;&lt;/b&gt;" in line
    assert "all prices: ¥12.80–14" in line


def test_never_of_another_team(charlies_team, today, bag):
    SupplierMatchFactory(job__team=charlies_team, offer_id="1", price="1.00")
    mine = SupplierMatchFactory(job=today, offer_id="1")
    assert shown(today, mine)[0].split("|")[0].strip() == ""
    theirs = SearchJobFactory(team=charlies_team)
    assert team_memory(rows_of(bag), theirs)[bag.pk].seen is None


def test_two_queries_for_a_page(team, today, bag, django_assert_num_queries):
    rows = rows_of(bag, *SupplierMatchFactory.create_batch(50, job=today))
    with django_assert_num_queries(2):
        team_memory(rows, today)
    with django_assert_num_queries(0):
        team_memory([], today)


def test_an_entry_leads_to_its_supplier_too(team, bag):
    assert supplier_page_of(bag, team.pk).endswith("&id=b2b-hengda")
    bag.supplier_id = bag.supplier_name = ""
    assert supplier_page_of(bag, team.pk) == ""
