"""The colours things are made of."""

from .canvas import Material

PAPER = "#f6efe0"
INK = "#33291f"

CLAY = Material("#4f2216", "#a6573a", "#e3a680")
MOSS = Material("#2c3a22", "#73834f", "#bcc68f")
INKBLUE = Material("#161f2b", "#3c4c5e", "#8ea0b0")
CREAM = Material("#a08a6c", "#e4d5bb", "#fffaf0")
BRASS = Material("#6b4a1f", "#c79f5b", "#fff0c4")
COPPER = Material("#4f2212", "#b0683c", "#ffd3a6")
BAMBOO = Material("#7d5a2a", "#d4b074", "#f8e6b8")
WOOD = Material("#5b3820", "#a06d42", "#d8a874")
CELADON = Material("#5d7263", "#a9bfa8", "#e6efe0")
STONE = Material("#5f5a52", "#aaa398", "#e6e0d5")
