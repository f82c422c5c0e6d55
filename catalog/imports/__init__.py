"""From a sheet with pictures to items of the catalogue: read, mapped, tried, written, and told row by row."""
