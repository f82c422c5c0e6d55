"""The pages of supplier lists."""
