"""What the worker does for the catalogue."""

from celery import shared_task
from django.utils import timezone
from wagtail.images import get_image_model

from . import applying, cdn, rendering
from .finding import keeping, recording
from .models import StaleListing
from .pictures import SIZES

MOST_LISTINGS = 500
MOST_PICTURES = 100  # of one sweep; the next one takes the others


@shared_task
def apply_planned_prices() -> None:
    """Let planned prices hold whose moment has come. Late or twice, the outcome is the same."""
    applying.apply_all_due(at=timezone.now())


@shared_task
def forget_old_searches() -> None:
    """Let go of what was searched for a season ago."""
    recording.forget_old(at=timezone.now())


@shared_task
def record_search(query: str, results: int) -> None:
    """Count one search. Lost or doubled, a figure is off by one."""
    recording.record(query, results=results, at=timezone.now())


@shared_task
def sweep_lists() -> None:
    """Tell lists what sold out or came back, where whoever sold it died before."""
    owed = StaleListing.objects.order_by("pk").values_list("pk", flat=True)[:MOST_LISTINGS]
    keeping.settle(list(owed))


# A night's work on a large shop; nobody waits for it.
@shared_task(soft_time_limit=1700, time_limit=1760)
def repair_lists() -> None:
    """Make lists and search say what the pages say, whatever was missed."""
    keeping.repair()


@shared_task
def prepare_picture(image_id: int) -> None:
    """Have made whatever is missing of a picture: a task for each size, so that none takes long."""
    if image := get_image_model().objects.filter(pk=image_id).first():
        for name in rendering.sizes_lacking(image):
            make_size.delay(image_id, name)


@shared_task
def make_size(image_id: int, name: str) -> None:
    """Render one size of a picture, if there still is such a picture and such a size."""
    image = get_image_model().objects.filter(pk=image_id).first()
    if image and name in SIZES:
        rendering.make(image, name)


@shared_task
def sweep_pictures() -> None:
    """Prepare pictures that nobody was woken for, and all of them when a size is new."""
    for image_id in rendering.pictures_lacking(MOST_PICTURES):
        prepare_picture.delay(image_id)


@shared_task
def purge(urls: list[str]) -> None:
    """Have the cache in front ask for these again."""
    cdn.purge(urls)


@shared_task
def purge_variants(variant_ids: list[int]) -> None:
    """The same for wherever these are shown."""
    cdn.purge(cdn.addresses_of(variant_ids))
