"""An order from its placing to its last parcel: what it costs, promises, says and waits for."""
