"""Words as they are indexed and as they are asked for: the same for both."""

import re
import unicodedata

LONGEST_QUERY = 200
MOST_WORDS = 10
LONGEST_WORD = 40

# "100g" is asked for where the pack says "100 g".
_MEASURE = re.compile(r"(?<=\d)(?=(?:g|kg|ml|l|cm|mm|m)\b)")
_NO_WORD = re.compile(r"[\W_]+")


def clean(asked: str) -> str:
    """A query as it is shown again: one line of printable text, `LONGEST_QUERY` at most."""
    # Cut first: normalizing 100 kB would take its time.
    text = unicodedata.normalize("NFKC", asked[:LONGEST_QUERY])
    # Control characters, NUL and lone surrogates among them, part words like a blank.
    readable = (" " if unicodedata.category(each).startswith("C") else each for each in text)
    return " ".join("".join(readable).split())[:LONGEST_QUERY].strip()


def split(text: str) -> list[str]:
    """The words of a text in lower case, without accents and punctuation."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in apart if not unicodedata.combining(each))
    return [word[:LONGEST_WORD] for word in _NO_WORD.split(_MEASURE.sub(" ", plain)) if word]


def asked_for(query: str) -> list[str]:
    """The first `MOST_WORDS` different words of a query."""
    return list(dict.fromkeys(split(clean(query))))[:MOST_WORDS]


def code(text: str) -> str:
    """A SKU or GTIN as one word, however it is written: "TEA-100" is "tea100"."""
    return "".join(split(text))[:LONGEST_WORD]
