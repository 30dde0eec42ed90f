"""Static files as production serves them."""

import re
from collections.abc import Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLES = "css/shop.css"
IMPORT = re.compile(r'@import url\("([^"]+)"\);')
COMMENT = re.compile(r"\s*/\*.*?\*/", re.DOTALL)


class JoinedStylesStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files, and one stylesheet instead of the two dozen it imports.

    The sources stay small files that a browser in development follows by itself; a shopper's
    browser would wait for every one of them, and for two fifths more that nobody reads there.
    """

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if not dry_run and STYLES in paths:
            self._join()
            paths = {**paths, STYLES: (self, STYLES)}  # hashed from here, not from the source
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _join(self) -> None:
        with self.open(STYLES) as source:
            text = source.read().decode()
        joined = IMPORT.sub(lambda found: self._read(f"css/{found[1]}"), text)
        with open(self.path(STYLES), "w", encoding="utf-8") as target:
            target.write(COMMENT.sub("", joined))

    def _read(self, name: str) -> str:
        with self.open(name) as file:
            text: str = file.read().decode()
        return text
