"""Pictures for the tests of landing pages."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Drawing
from wagtail.images import get_image_model


@pytest.fixture
def picture(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    drawn = BytesIO()
    Drawing.new("RGB", (40, 30), "green").save(drawn, "PNG")
    file = ContentFile(drawn.getvalue(), "leaf.png")
    return get_image_model().objects.create(title="A leaf", file=file)
