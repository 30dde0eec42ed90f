"""The payment console: what providers were asked, what they said, and what does not agree."""
