"""The orders as a file: CSV streams row by row, XLSX goes through a temporary file."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from products.spreadsheets import harmless

from ..models import Order
from .columns import EXPORT, Value, for_export

ROWS_AT_ONCE = 1000  # the lines of so many orders are fetched together


def as_csv(orders: QuerySet[Order], *, name: str) -> StreamingHttpResponse:
    """A download in UTF-8: amounts with a point, moments in ISO 8601 with their offset."""
    response = StreamingHttpResponse(_csv_rows(orders), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def as_xlsx(orders: QuerySet[Order], *, name: str) -> FileResponse:
    """A download with real numbers and dates; moments are those of the current time zone."""
    file = TemporaryFile()  # noqa: SIM115, the response closes it
    _write_xlsx(orders, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")


def file_name(first: date | None, last: date | None, *, today: date) -> str:
    """orders-2026-11 for (a part of) one month, the days for anything longer."""
    last = last or today
    if first is None:
        return f"orders-until-{last}"
    if (first.year, first.month) == (last.year, last.month):
        return f"orders-{last:%Y-%m}"
    return f"orders-{first}-{last}"


class _Line:
    """Where csv writes: hands the line straight back."""

    def write(self, line: str) -> bytes:
        return line.encode()


def _rows(orders: QuerySet[Order]) -> Iterator[list[Value]]:
    for order in for_export(orders).iterator(chunk_size=ROWS_AT_ONCE):
        yield [column.value(order) for column in EXPORT]


def _csv_rows(orders: QuerySet[Order]) -> Iterator[bytes]:
    writer = csv.writer(_Line())
    yield writer.writerow([column.heading for column in EXPORT])
    for row in _rows(orders):
        yield writer.writerow([_csv_cell(value) for value in row])


def _csv_cell(value: Value) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return harmless(value or "")


def _write_xlsx(orders: QuerySet[Order], file: IO[bytes]) -> None:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_("Orders"))
    sheet.freeze_panes = "B2"
    for number, column in enumerate(EXPORT, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.append([_heading(sheet, column.heading) for column in EXPORT])
    for row in _rows(orders):
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    workbook.save(file)


def _heading(sheet: WriteOnlyWorksheet, heading: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, str(heading))
    cell.font = Font(bold=True)
    return cell


def _xlsx_cell(sheet: WriteOnlyWorksheet, value: Value) -> WriteOnlyCell:
    if isinstance(value, datetime):
        # A spreadsheet knows no time zones: what the clock on the wall said.
        cell = WriteOnlyCell(sheet, timezone.localtime(value).replace(tzinfo=None))
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, Decimal):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = str(value * 0).replace("-", "")
    else:
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value or ""))
        cell.data_type = "s"  # openpyxl would make a formula of "=1+1", an error of "#N/A"
    return cell
