"""The two addresses."""

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from .models import Row

ROWS = 1000


@csrf_exempt
@transaction.atomic
def post(request: HttpRequest) -> HttpResponse:
    """Four times: read a row, change another, add a third. The body picks which."""
    first = int(request.POST["row"])
    for step in range(4):
        row = Row.objects.get(pk=(first + step) % ROWS + 1)
        # In key order within a request would be slower to write down; rows are many, fights few.
        Row.objects.filter(pk=ROWS + first % ROWS * 4 + step + 1).update(number=F("number") + 1)
        Row.objects.create(number=row.number, text="added")
    return HttpResponse("done", headers={"Content-Length": "4"})


def view(request: HttpRequest) -> HttpResponse:
    """A few words, and nothing to be done for them."""
    return HttpResponse("here", headers={"Content-Length": "4"})


urlpatterns = [path("", post), path("view/", view)]
