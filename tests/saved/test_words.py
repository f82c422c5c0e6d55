"""Views and questions in words."""

import pytest

from reckoning.models import CostProfile
from saved.words import view_in_words, views_in_words


def told(user, query: str) -> dict[str, str]:
    return {setting.label: setting.value for setting in view_in_words(user, query)}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", {}),
        ("price_to=20", {"highest price": "20"}),
        ("sort=-similarity,price", {"order": "Similarity ↓, Price ↑"}),
        ("sort=nonsense", {"order": "nonsense ↑"}),
        ("cols=price,moq,nonsense", {"columns": "Price, MOQ"}),
        ("place=b&place=a", {"place": "b, a"}),
        ("marketplace=onebound", {"marketplace": "1688 by Onebound"}),
        ("identity=nonsense", {"supplier is": "nonsense"}),
        ("group=supplier&density=compact", {"grouped by": "supplier", "rows": "compact"}),
        ("of_tomorrow=x", {"of tomorrow": "x"}),
    ],
)
def test_a_view_in_words(alice, query, words):
    assert told(alice, query) == words


def test_cost_profiles_are_called_by_their_names(alice, team, charlies_team):
    ours = CostProfile.objects.create(team=team, name="Sea to Hamburg")
    theirs = CostProfile.objects.create(team=charlies_team, name="Secret")
    assert told(alice, f"costs={ours.pk}&quantity=500") == {"cost profile": "Sea to Hamburg", "order quantity": "500"}
    for gone in (theirs.pk, 999999, "x", "9" * 40):
        assert told(alice, f"costs={gone}") == {"cost profile": "one that is gone"}


def test_many_views_take_no_more_queries_than_one(alice, team, django_assert_num_queries):
    profiles = [CostProfile.objects.create(team=team, name=f"Profile {number}") for number in range(5)]
    with django_assert_num_queries(1):
        words = views_in_words(alice, [f"costs={profile.pk}" for profile in profiles])
    assert [settings[0].value for settings in words] == [profile.name for profile in profiles]
