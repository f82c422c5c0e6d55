"""What a new search asks for: pictures of one item, and the question about it."""

from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User, teams_to_search_for
from accounts.scope import id_of
from searches.actions import marketplaces_for
from searches.marketplaces import CATALOG, is_web_url
from searches.models import Credential, QueryImage, SearchJob
from searches.rows import marketplace_label

# What file pickers offer. The content decides, not this.
ACCEPTED = "image/jpeg,image/png,image/webp,image/gif,image/bmp,image/tiff,image/heic,image/heif,.heic,.heif"
LONGEST_ADDRESS = 1000
# More ids than any form of ours sends: what else is sent is not looked for.
MOST_KEPT = 100


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of files; their list, empty without any."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files if file]


class PictureForm(forms.Form):
    """Photos of one item: files, the address of one, and those that earlier tries of the same form kept.

    Kept photos come as `kept_image`, an id each: boxes that can be unticked, without JavaScript too. The part of each
    photo that is to be searched comes beside it, as `searches.boxes` writes it: a kept one's as `crop_` and its id,
    the files' as `file_crop`, one for each file in their order. Empty, or left out: all of it.
    """

    image = SeveralFilesField(
        label=_("Photos"),
        required=False,
        allow_empty_file=True,  # refused by its content, in words that help
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED, "aria-describedby": "picture-help picture-errors"}),
    )
    image_url = forms.URLField(
        label=_("or the address of a picture"),
        required=False,
        max_length=LONGEST_ADDRESS,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )
    # The address that a kept picture came from and its id, so that it is fetched anew only when it is changed.
    kept_from = forms.CharField(required=False, max_length=LONGEST_ADDRESS, widget=forms.HiddenInput)
    fetched_image = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [pk for text in MultiValueDict(self.data).getlist("kept_image") if (pk := id_of(str(text)))]
        found = QueryImage.objects.editable_by(user).exclude(file="").in_bulk(ids[:MOST_KEPT])
        self.kept = [found[pk] for pk in dict.fromkeys(ids) if pk in found]
        # Those that are not there, or not this user's to take.
        self.lost = len(set(ids)) - len(found)

    def crop_of(self, image: QueryImage) -> str:
        """What was sent as the part of a kept photo."""
        return str(self.data.get(f"crop_{image.pk}", ""))

    def crops_of_files(self) -> Iterator[str]:
        """What was sent as the part of each file; without an end, as a form of an earlier version sends none."""
        return chain(map(str, MultiValueDict(self.data).getlist("file_crop")), repeat(""))

    @property
    def fetched(self) -> QueryImage | None:
        """The kept photo that came from an address."""
        pk = id_of(self.cleaned_data.get("fetched_image", ""))
        return next((image for image in self.kept if image.pk == pk), None)

    @property
    def new_address(self) -> str:
        """The address that was typed, unless a kept picture came from it."""
        address: str = self.cleaned_data.get("image_url", "")
        known = self.fetched is not None and self.cleaned_data.get("kept_from") == address
        return "" if known else address

    @property
    def still_kept(self) -> list[QueryImage]:
        """The kept photos; of two addresses, the later one's picture takes the place of the earlier one's."""
        replaced = self.fetched if self.new_address else None
        return [image for image in self.kept if image != replaced]

    def clean_image_url(self) -> str:
        address: str = self.cleaned_data["image_url"]
        # What marketplaces are sent, too: they would not take another scheme, and must not learn a password.
        if address and not is_web_url(address):
            raise ValidationError(
                _("Give an address that begins with http:// or https:// and holds no user name or quotation marks."),
                code="address",
            )
        return address

    def clean(self) -> None:
        if self.errors:
            return
        if not self.cleaned_data.get("image") and not self.new_address and not self.kept and not self.lost:
            raise ValidationError(
                {"image": _("Choose, drop or paste a photo, or give the address of one.")}, code="no-picture"
            )


def marketplace_choices(teams: Iterable[Team]) -> list[tuple[str, str]]:
    """The marketplaces that the teams may search, each with the credentials by which; their own catalogue first."""
    names: dict[str, list[str]] = {key: [] for key in marketplaces_for(teams)}
    for key, name in Credential.objects.for_teams(list(teams)).values_list("marketplace", "name"):
        if key in names:
            names[key].append(name)
    if names.pop(CATALOG, None) is not None:
        names = {CATALOG: [gettext("what you have, without a call")], **names}
    return [(key, f"{marketplace_label(key)} · {', '.join(by)}") for key, by in names.items()]


class QuestionForm(forms.ModelForm[SearchJob]):
    """Everything of a new search but its picture."""

    marketplaces = forms.MultipleChoiceField(
        label=_("Search at"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one marketplace.")},
    )
    rights = forms.BooleanField(
        label=_("I may use this picture for searching: it is ours, or its owner allows it."),
        error_messages={"required": _("Confirm that you may use this picture, or choose another one.")},
    )
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("For the team"), empty_label=None, help_text=_("Its members see the search.")
    )

    class Meta:
        model = SearchJob
        fields = (
            "title",
            "price_from",
            "price_to",
            "wholesale_only",
            "order",
            "wanted",
            "keywords",
            "preparation",
            "team",
        )
        labels: ClassVar = {
            "title": _("Title"),
            "price_from": _("Price from"),
            "price_to": _("Price to"),
            "wholesale_only": _("Wholesale offers only"),
            "order": _("Ask for"),
            "wanted": _("Number of offers"),
            "keywords": _("Words in the title"),
            "preparation": _("Preparing the photo"),
        }
        help_texts: ClassVar = {
            "title": _("Otherwise the file's name."),
            "keywords": _("The comparison opens with offers whose title has any of these words."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams: QuerySet[Team] = teams_to_search_for(user)
        self._offer(self.teams)
        self.fields["title"].required = False
        self.fields["title"].widget.attrs["placeholder"] = _("for example: duffle bag, blue")
        self.fields["keywords"].widget.attrs["placeholder"] = "旅行包 防水"
        for name in ("price_from", "price_to"):
            self.fields[name] = forms.DecimalField(
                label=self.fields[name].label,
                required=False,
                min_value=0,
                max_digits=12,
                decimal_places=2,
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "placeholder": "¥"}),
            )

    def _offer(self, teams: QuerySet[Team]) -> None:
        """Limit the choices to what is there; what has only one choice is chosen, or not asked."""
        team, marketplaces = self.fields["team"], self.fields["marketplaces"]
        if isinstance(team, forms.ModelChoiceField):
            team.queryset = teams
        if isinstance(marketplaces, forms.MultipleChoiceField):
            marketplaces.choices = marketplace_choices(teams)
            self.initial.setdefault(
                "marketplaces", self._chosen_at_first([key for key, _label in marketplaces.choices])
            )
        if len(teams) < 2:
            del self.fields["team"]

    @staticmethod
    def _chosen_at_first(keys: list[str]) -> list[str]:
        """Their own catalogue, which costs nothing, and the only marketplace there is."""
        called = [key for key in keys if key != CATALOG]
        return keys if len(called) < 2 else [key for key in keys if key == CATALOG]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        lowest, highest = data.get("price_from"), data.get("price_to")
        if lowest is not None and highest is not None and lowest > highest:
            self.add_error("price_to", _("The highest price is below the lowest."))
        self._refuse_foreign_marketplaces(data)
        return data

    def _refuse_foreign_marketplaces(self, data: dict[str, Any]) -> None:
        """A marketplace may be there for another of the user's teams only."""
        team = data.get("team")
        allowed = marketplaces_for([team]) if team else None
        foreign = [key for key in data.get("marketplaces", ()) if allowed is not None and key not in allowed]
        if CATALOG in foreign and len(data["marketplaces"]) > 1:
            # It is ticked by itself for whoever has one in another team.
            foreign.remove(CATALOG)
            data["marketplaces"].remove(CATALOG)
        if foreign:
            names = ", ".join(marketplace_label(key) for key in foreign)
            text = gettext("The team %(team)s may not search at: %(names)s.") % {"team": team, "names": names}
            self.add_error("marketplaces", text)

    def chosen_team(self) -> Team:
        """The team that was chosen, or the only one. The user is known to have one."""
        self.full_clean()
        return self.cleaned_data.get("team") or self.teams[0]
