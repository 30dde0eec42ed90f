"""Every component with made-up data, for whoever works on the look. In development only."""
