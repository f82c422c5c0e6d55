"""Users and teams, for administrators."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Team, User

admin.site.site_header = _("Tongkuan administration")
admin.site.site_title = _("Tongkuan administration")
admin.site.index_title = _("Credentials, users and teams")
# What somebody may do follows from their role in a team.
admin.site.unregister(Group)


class NamedFieldsFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # not generic at run time
    """Fields of a table's rows, each with its column's name for those who do not see the column."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", field.label)


class MembershipInline(admin.TabularInline[Membership, Team]):
    model = Membership
    formset = NamedFieldsFormSet
    extra = 0
    autocomplete_fields = ("user",)


class TeamOfUserInline(admin.TabularInline[Membership, User]):
    model = Membership
    formset = NamedFieldsFormSet
    extra = 0
    autocomplete_fields = ("team",)


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    list_display = ("username", "first_name", "last_name", "email", "team_names", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser", "teams")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (
            _("Access"),
            {
                "fields": ("is_active", "is_superuser"),
                "description": _(
                    "A superuser administers credentials, users and teams. All else follows from the teams below."
                ),
            },
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    inlines = (TeamOfUserInline,)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        # The administration is for superusers: Django's "staff" is not a role of ours.
        obj.is_staff = obj.is_superuser
        super().save_model(request, obj, form, change)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("teams")

    @admin.display(description=_("teams"))
    def team_names(self, user: User) -> str:
        return ", ".join(team.name for team in user.teams.all())


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin[Team]):
    list_display = ("name", "member_count", "created_at")
    search_fields = ("name",)
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).annotate(members_in_all=Count("memberships"))

    @admin.display(description=_("members"))
    def member_count(self, team: Team) -> int:
        return int(getattr(team, "members_in_all", 0))
