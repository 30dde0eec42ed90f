"""What is uploaded: refused while it is too much, and pictures only if they can be shown."""

from typing import Any

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext_lazy as _
from PIL import Image
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from products import tasks


class RefuseEndlessUploads(FileUploadHandler):
    """The first handler of uploads; it lets the others do the work.

    Forms say more kindly what is too large, but only after Django has written all of it to disk.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803, Django's name for it
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Raises RequestDataTooBig, which is answered 400."""
        if content_length > settings.LARGEST_UPLOAD:
            raise RequestDataTooBig("More is uploaded at once than this shop ever takes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class WholeImageField(WagtailImageField):
    """Counts pixels before anything is unpacked, where Wagtail unpacks first.

    A picture that breaks off is refused in words; Wagtail answers 500 to some of them.
    """

    def to_python(self, data: Any) -> Any:
        if data and _has_more_pixels(data, than=self.max_image_pixels):
            most = {"most": intcomma(self.max_image_pixels)}
            raise ValidationError(_("This picture has more than %(most)s pixels."), params=most)
        try:
            return super().to_python(data)
        except (OSError, SyntaxError, ValueError) as broken:
            raise ValidationError(self.error_messages["invalid_image"]) from broken


def _has_more_pixels(file: Any, *, than: int) -> bool:
    """In all its frames, as its header says. What has no header is for others to refuse."""
    file.seek(0)
    try:
        picture = Image.open(file)
        width, height = picture.size
        return width * height * getattr(picture, "n_frames", 1) > than
    except Image.DecompressionBombError:
        return True
    except (OSError, SyntaxError, ValueError):
        return False
    finally:
        file.seek(0)


class PictureForm(BaseImageForm):
    """Wagtail's form of a picture, wherever one is uploaded or replaced."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if like := self.fields.get("file"):
            self.fields["file"] = WholeImageField(
                label=like.label, required=like.required, widget=like.widget
            )

    def save(self, commit: bool = True) -> Any:
        image = super().save(commit=commit)
        if commit:
            # Wagtail has deleted the old file's sizes by now, after saving: a worker that was
            # quicker has found them, and made none.
            tasks.prepare_picture.wake(image.pk)
        return image
