"""The arrays that the package hands about."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

# What may be unknown is a float, unknown being NaN.
Floats: TypeAlias = npt.NDArray[np.floating[Any]]
# Codes and whole numbers that are always known.
Integers: TypeAlias = npt.NDArray[np.integer[Any]]
# One truth for each row of the table.
Mask: TypeAlias = npt.NDArray[np.bool_]
# Positions in the table, in any order.
Rows: TypeAlias = npt.NDArray[np.intp]
