"""What an editor looks at before shoppers do: pages as they are, sold out, on sale, on a date.

Nothing here writes: a state is made up in memory, on rows that are not saved.
"""
