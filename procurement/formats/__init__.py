"""How Django itself writes figures, beside `searches.formats`.

Dates are written as ISO 8601 has them (GB/T 7408 in China) in both languages: in rows they stand below each other,
they sort, and nobody takes the day for the month. Thousands are parted by commas in both, as Chinese price lists do;
Django would leave Chinese figures unparted.
"""
