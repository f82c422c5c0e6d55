"""Where people sign in, and what belongs to their account."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("resume/", views.resume, name="resume"),
    path("resume/send/", views.resend, name="resend"),
    path("resume/discard/", views.discard, name="discard"),
]
