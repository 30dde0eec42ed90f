"""Sizes of pictures are made by workers, and no shopper waits for them."""

import re
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image as Drawing
from wagtail.images import get_image_model

from products import rendering, tasks
from products.models import ProductPage, ProductPicture
from products.pictures import GOODS, SIZES, renditions, with_renditions

from .factories import make_variant

pytestmark = pytest.mark.django_db

SPECS = sorted(spec for specs in rendering.SPECS.values() for spec in specs)
TAG = re.compile(r'{% picture_of \S+ "(?P<size>\w+)"')
WAGTAILS_OWN = re.compile(r"{% (?:picture|image|srcset_image) ")


def drawing(colour: str, size: tuple[int, int] = (40, 30)) -> ContentFile:
    file = BytesIO()
    Drawing.new("RGB", size, colour).save(file, "PNG")
    return ContentFile(file.getvalue(), f"{colour}.png")


def templates() -> str:
    return "".join(path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html"))


def made(image) -> set[str]:
    return set(image.renditions.values_list("filter_spec", flat=True))


def test_what_templates_show_is_what_workers_make():
    assert {tag["size"] for tag in TAG.finditer(templates())} == set(SIZES)
    assert not WAGTAILS_OWN.search(templates())  # whose sizes nobody makes beforehand


def test_an_uploaded_picture_is_made_in_all_sizes(run_tasks, picture):
    ran = run_tasks()

    assert ran.count("products.tasks.make_size") == len(SIZES)
    assert made(picture) == set(SPECS)


def test_whoever_sees_a_new_picture_first_opens_a_file_of_their_own(picture):
    # Kept, so requests of one process that run side by side have the same object.
    image = with_renditions([picture.pk], SIZES["card"])[picture.pk]

    made = renditions(image, SIZES["card"])

    assert list(made) == rendering.SPECS["card"]
    assert image.file._file is None  # nobody has opened, or closed, the one they share
    assert renditions(image, SIZES["card"]) == made


def test_a_picture_that_has_its_place_is_made_in_the_sizes_shown_there(run_tasks, picture):
    make_variant("TEA-1")
    ProductPicture.objects.create(page=ProductPage.objects.get(), image=picture, alt_text="A leaf")
    ProductPage.objects.get().save()

    run_tasks()

    assert made(picture) == {spec for name in GOODS for spec in rendering.SPECS[name]}
    assert rendering.pictures_lacking(10) == []


def test_a_picture_with_another_place_is_made_in_the_sizes_of_both(run_tasks, picture):
    make_variant("TEA-1")
    page = ProductPage.objects.get()
    ProductPicture.objects.create(page=page, image=picture, alt_text="A leaf")
    page.save()
    run_tasks()

    category = page.get_parent().specific
    category.image = picture
    category.save()
    run_tasks()

    assert rendering.pictures_lacking(10) == [picture.pk]
    tasks.sweep_pictures.delay()
    run_tasks()
    assert rendering.pictures_lacking(10) == []
    assert made(picture) >= set(rendering.SPECS["tile"])


def test_a_page_with_a_new_picture_renders_none_of_it(run_tasks, client, picture, monkeypatch):
    make_variant("TEA-1")
    page = ProductPage.objects.get()
    ProductPicture.objects.create(page=page, image=picture, alt_text="A leaf")
    run_tasks()

    def fail(*args, **kwargs):
        raise AssertionError("rendered for a shopper")

    monkeypatch.setattr(get_image_model(), "generate_rendition_file", fail)

    assert client.get(page.url).status_code == 200
    assert client.get(page.get_parent().url).status_code == 200


def test_another_focal_point_makes_the_cut_sizes_anew(run_tasks, picture):
    run_tasks()
    before = picture.renditions.count()

    picture.focal_point_x = picture.focal_point_y = 5
    picture.focal_point_width = picture.focal_point_height = 4
    picture.save()
    run_tasks()

    assert picture.renditions.count() > before
    assert rendering.sizes_lacking(picture) == []


def test_a_replaced_picture_is_made_anew(run_tasks, client, picture, django_user_model):
    run_tasks()
    client.force_login(django_user_model.objects.create_superuser("owner"))

    client.post(
        reverse("wagtailimages:edit", args=[picture.pk]),
        {"title": "A leaf", "file": drawing("red", (60, 60)), "collection": 1, "tags": ""},
    )
    run_tasks()

    picture.refresh_from_db()
    assert picture.width == 60
    assert made(picture) == set(SPECS)
    assert {each.image_id for each in picture.renditions.all()} == {picture.pk}
    with Drawing.open(picture.renditions.first().file) as shown:
        assert shown.convert("RGB").getpixel((2, 2))[0] > 200


def test_preparing_twice_makes_nothing_twice(run_tasks, picture):
    run_tasks()
    tasks.prepare_picture.delay(picture.pk)

    assert run_tasks() == ["products.tasks.prepare_picture"]
    assert picture.renditions.count() == len(SPECS)


def test_a_picture_that_is_gone_is_nobodys_work(run_tasks, picture):
    pk = picture.pk
    picture.delete()
    tasks.make_size.delay(pk, "card")
    tasks.make_size.delay(pk, "no such size")

    assert "products.tasks.make_size" in run_tasks()


def test_the_sweep_finds_what_nobody_was_woken_for(run_tasks, picture):
    run_tasks()
    picture.renditions.filter(filter_spec=SPECS[0]).delete()

    assert rendering.pictures_lacking(10) == [picture.pk]
    tasks.sweep_pictures.delay()
    run_tasks()
    assert rendering.pictures_lacking(10) == []
