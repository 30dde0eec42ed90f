"""What Wagtail alone can do: a new project's middleware, one page, five queries, a template."""
