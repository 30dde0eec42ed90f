"""Money that goes back: asked for by staff, made by a worker, credited, or taken by a bank."""
