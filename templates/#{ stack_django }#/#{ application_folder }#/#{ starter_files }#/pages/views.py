"""What visitors see, and the health check that a release must pass."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """The page that visitors see."""
    return render(request, "home.html")


def health(request: HttpRequest) -> JsonResponse:
    """Answers 200 as long as the application can serve: check here what it cannot do without."""
    return JsonResponse({"status": "ok"})
