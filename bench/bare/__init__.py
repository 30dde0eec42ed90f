"""What Django alone can do: one view, one transaction, twelve statements."""
