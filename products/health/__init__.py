"""What is wrong with the shop's contents, and where each of it is mended."""
