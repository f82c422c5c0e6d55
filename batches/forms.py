"""What a batch asks about each of its products."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from searches.forms import QuestionForm


class BatchForm(QuestionForm):
    """A search's question without what each row says itself: the words, and the right to use the pictures."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["keywords"], self.fields["rights"]
        self.fields["title"].help_text = _("How your team finds it again.")
        self.fields["title"].widget.attrs["placeholder"] = _("for example: spring range, kitchen")
        self.fields["title"].required = True
