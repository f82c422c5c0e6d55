"""`{% first_steps user %}` where there is no search to show yet."""

from typing import Any

from django import template

from accounts.models import User
from searches import firststeps

register = template.Library()


@register.inclusion_tag("searches/_first_steps.html")
def first_steps(user: User) -> dict[str, Any]:
    """From a photo to a decision in three steps, and what this user still lacks for the first of them."""
    return {"steps": firststeps.first_steps(user), "user": user}
