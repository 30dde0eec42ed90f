"""How fast the shop is, as ratios to bare Django on the same machine in the same run."""
