"""What people's browsers asked of the portal, so that others can be tried at the very same addresses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.urls import ResolverMatch, resolve
from playwright.sync_api import Page, Request

# Nobody's in particular: how somebody signs in, their language, the files of every page.
EVERYBODYS = ("/static/", "/accounts/", "/i18n/", "/admin/")
Form = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Step:
    """One request: `address` is path and query, `form` what was posted, without the token and without files."""

    method: str
    address: str
    form: Form = ()

    @property
    def match(self) -> ResolverMatch:
        return resolve(urlsplit(self.address).path)

    @property
    def is_about_something(self) -> bool:
        """Whether it names a thing of somebody's: by its path, or as the search that it is about."""
        query = parse_qsl(urlsplit(self.address).query)
        return bool(self.match.kwargs) or any(name == "job" for name, _value in (*self.form, *query))


@dataclass
class Trail:
    """`trail.follow(page)`: from now on that window's requests are kept, each once, in their order."""

    portal: str
    steps: dict[Step, None] = field(default_factory=dict)

    def follow(self, page: Page) -> None:
        page.context.on("request", self._keep)

    def about_something(self, method: str) -> Iterator[Step]:
        return (step for step in self.steps if step.method == method and step.is_about_something)

    def _keep(self, request: Request) -> None:
        address = request.url.partition("#")[0].removeprefix(self.portal)
        if address.startswith("/") and not address.startswith(EVERYBODYS):
            self.steps[Step(request.method, address, _form_of(request))] = None


def _form_of(request: Request) -> Form:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return ()
    sent = parse_qsl(request.post_data or "", keep_blank_values=True)
    return tuple((name, value) for name, value in sent if name != "csrfmiddlewaretoken")


def repeat(page: Page, portal: str, step: Step) -> int:
    """The same request as whoever is signed in in that window; answers the status, redirections not followed."""
    if step.method == "GET":
        return page.request.get(portal + step.address, max_redirects=0).status
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    headers = {"X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded"}
    return page.request.post(portal + step.address, data=urlencode(step.form), headers=headers, max_redirects=0).status
