"""Signing in and out, the password, and what an ended session interrupted."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import SignInForm
from accounts.interrupted import InterruptedPost, forget, is_ours

LONGEST_SHOWN = 200


class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    """Open to everybody: signing out after the session has ended is no form to keep."""


class ChangePassword(PasswordChangeView):
    template_name = "accounts/password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, _("Your password is changed. You stay signed in here, and nowhere else."))
        return response


@require_GET
def resume(request: HttpRequest) -> HttpResponse:
    """What was sent after the session had ended, to be sent now or left."""
    interrupted = InterruptedPost.from_session(request)
    if not interrupted:
        return redirect("home")
    return render(request, "accounts/resume.html", {"interrupted": interrupted, "shown": _shown(interrupted)})


@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Send the browser on to where the form was going, with everything in it."""
    interrupted = forget(request)
    if not interrupted or not is_ours(request, interrupted.path):
        return redirect("home")
    return redirect(interrupted.path, preserve_request=True)


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    interrupted = forget(request)
    messages.info(request, _("Nothing was sent."))
    return redirect(interrupted.back if interrupted and is_ours(request, interrupted.back) else "home")


def _shown(interrupted: InterruptedPost) -> list[tuple[str, str]]:
    """The fields that say something, readable, each name once."""
    values: dict[str, list[str]] = {}
    for name, value in interrupted.fields:
        if value.strip() and name != "next":
            values.setdefault(name.replace("_", " "), []).append(value)
    return [(name, ", ".join(texts)[:LONGEST_SHOWN]) for name, texts in values.items()]
