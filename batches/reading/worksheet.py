"""One worksheet of a workbook as a table of text."""

from batches.reading.grid import EmbeddedPicture, Grid
from batches.reading.sheetcells import SheetCells
from batches.reading.workbook import Workbook, Worksheet


def read_worksheet(book: Workbook, worksheet: Worksheet) -> Grid:
    """All of its cells that show anything. Raises SheetRejected, for more rows or columns than `Grid` takes too."""
    grid = Grid(worksheet.title)
    cells = SheetCells(book, worksheet)
    for cell in cells:
        if cell.picture:
            grid.put_picture(cell.row, EmbeddedPicture(cell.picture, cell.column))
        else:
            grid.put_text(cell.row, cell.column, cell.text)
    grid.merge(cells.merged)
    for placed in cells.placed():
        grid.put_picture(placed.row, EmbeddedPicture(placed.part, placed.column))
    return grid
