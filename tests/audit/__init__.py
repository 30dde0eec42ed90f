"""What a visitor's browser and a validator say of every page. `make audit` adds the slow judges."""
