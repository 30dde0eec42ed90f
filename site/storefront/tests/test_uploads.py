"""What editors may upload, and that nothing of the rest stays on disk."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Drawing
from PIL import ImageFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

pytestmark = pytest.mark.django_db

Image, Document = get_image_model(), get_document_model()
PICTURES, DOCUMENTS = "/admin/images/multiple/add/", "/admin/documents/multiple/add/"


@pytest.fixture
def media(settings, tmp_path, monkeypatch) -> Path:
    # WeasyPrint takes half a picture for a whole one, in every process that imports it: a worker,
    # or the tests of invoices, but never the web.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "halfway"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return tmp_path


@pytest.fixture
def editor(client, media):
    user = User.objects.create_user("editor")
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    return client


def upload(client, address: str, name: str, content: bytes):
    file = SimpleUploadedFile(name, content)
    return client.post(address, {"title": name, "collection": 1, "files[]": file})


def kept(media: Path) -> list[str]:
    return [path.name for path in media.rglob("*") if path.is_file()]


def drawn(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    file = BytesIO()
    Drawing.new("RGB", size, "green").save(file, kind)
    return file.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """Nothing is behind its header: whoever unpacks it fails otherwise than by its size."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in (header, b"IDAT" + zlib.compress(b""))
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_pictures_of_the_usual_kinds_are_taken(editor, media, kind):
    answer = upload(editor, PICTURES, f"leaf.{kind.lower()}", drawn(kind)).json()

    assert answer["success"], answer
    assert f"leaf.{kind.lower()}" in kept(media)


SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
)
UNKNOWN = "not a supported image format"
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("leaf.svg", SVG, UNKNOWN),
        ("leaf.png", SVG, "does not match"),
        ("leaf.jpg", HTML, "not an image"),
        ("leaf.html", drawn("PNG"), UNKNOWN),
        ("leaf.png", drawn("JPEG"), "does not match"),
        ("leaf.gif", drawn("GIF"), UNKNOWN),
        ("leaf", drawn("PNG"), UNKNOWN),
        ("leaf.png", png_that_claims(20_000, 20_000), "more than 40,000,000 pixels"),
        ("leaf.png", png_that_claims(7_000, 6_000), "more than 40,000,000 pixels"),
        ("leaf.png", png_that_claims(9_000, 9_000), "more than 40,000,000 pixels"),
        ("leaf.png", png_that_claims(40, 30), "corrupted"),
        ("leaf.png", b"\x89PNG\r\n\x1a\n", "corrupted"),
        ("leaf.jpg", drawn("JPEG", (400, 400))[:-900], "corrupted"),
        ("leaf.jpg", b"", "empty"),
        ("leaf.png", drawn("PNG") + b"\0" * 10 * 1024 * 1024, "too big"),
    ],
)
def test_anything_else_is_refused_in_words_and_leaves_nothing_behind(
    editor, media, name, content, why
):
    answer = upload(editor, PICTURES, name, content).json()

    assert not answer["success"]
    assert why in answer["error_message"].lower()
    assert kept(media) == []
    assert not Image.objects.exists()


@pytest.mark.parametrize("name", ["../../evil.png", "..\\..\\evil.png", "/etc/evil.png"])
def test_a_name_never_leaves_the_folder_of_uploads(editor, media, name):
    upload(editor, PICTURES, name, drawn("PNG"))

    (path,) = (path for path in media.rglob("*.png") if "max-165" not in path.name)
    assert path.parent == media / "media" / "original_images"


@pytest.mark.parametrize(
    ("name", "size"), [("tea.html", 10), ("tea.svg", 10), ("tea.pdf", 21 * 1024 * 1024)]
)
def test_documents_are_limited_too(editor, media, name, size):
    answer = upload(editor, DOCUMENTS, name, b"x" * size).json()

    assert not answer["success"]
    assert kept(media) == []
    assert not Document.objects.exists()


def test_a_document_is_saved_and_not_shown_whatever_is_in_it(editor, media):
    upload(editor, DOCUMENTS, "prices.pdf", HTML)

    answer = editor.get(Document.objects.get().url)

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", [PICTURES, DOCUMENTS, "/cart/add/"])
def test_an_endless_upload_is_refused_before_it_is_written(editor, media, address):
    class Endless(BytesIO):
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("the body was read")

    request = {
        "wsgi.input": Endless(),
        "CONTENT_LENGTH": str(1024**3),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "HTTP_SEC_FETCH_SITE": "same-origin",
    }
    answer = editor.generic("POST", address, **request)

    assert answer.status_code == 400
    assert kept(media) == []
