"""CSV as rows, and back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import StringConstraints, ValidationInfo, field_validator

from modules.data.csv_text import Dialect, read_rows, write_rows
from modules.off_loop import off_loop
from weirflow import Component, Context, Field, Model, Result, input, output

#: The definition of what is passed on beside the rows.
CONTEXT = "csv-context"
ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class TextInput(Model):
    """CSV to read."""

    text: str = Field(title="Text", description="CSV", configurable=True)
    context: Any = Field(None, title="Context", description="Passed on as it is", configurable=True, id=CONTEXT)


class RowsInput(Model):
    """Rows to write."""

    rows: list[Any] = Field(
        title="Rows", description="Objects with the same fields, or lists of cells", configurable=True
    )
    context: Any = Field(None, title="Context", description="Passed on as it is", configurable=True, id=CONTEXT)


class RowsOutput(Model):
    """What the text holds."""

    rows: list[Any] = Field(title="Rows", description="Objects by column, or lists of cells where nothing names them")
    columns: list[str] = Field(title="Columns", description="In their order; empty where nothing names them")
    count: int = Field(title="Count", description="How many rows there are")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


class TextOutput(Model):
    """The rows as text."""

    text: str = Field(title="Text", description="CSV")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


class Csv(Component):
    """Reads rows from CSV, and writes rows as CSV.

    `parse` takes a text and sends its rows from `parsed`; `write` takes rows and sends their text from `written`. With
    a header the first row names the columns, and each row is an object; names in *Columns* come before those of the
    header. Without either a row is a list of cells. Blank lines are left out. Cells are texts; *Numbers as numbers*
    turns those into numbers that look like one, but not `007`, which is a code.

    When writing, *Columns* chooses the fields and their order; without it all fields are written in the order in which
    they come up. Nothing becomes an empty cell, an object or a list its JSON. *Escape formulas* puts a `'` before
    texts that a spreadsheet would take for a formula; switch it on where others' texts are opened in one.

    Errors: `csv_row` names the row and its line, `csv_header` what is wrong with the names, `too_large` a text or a
    number of rows above the limits. None of them is better the next time.
    """

    title = "CSV"
    category = "Data"
    icon = "table"
    tags = ("parse", "write", "rows", "spreadsheet", "table")

    class Settings(Model):
        delimiter: str = Field(
            ",",
            title="Delimiter",
            description="One character between cells; \\t is a tab",
            examples=[",", ";", "\\t"],
            pattern=r'^(\\t|[^\r\n"])$',
        )
        header: bool = Field(True, title="Header", description="The first row names the columns, and is written")
        columns: list[ColumnName] = Field(
            default_factory=list,
            title="Columns",
            description="Their names in order; empty: those of the header, or of the rows",
            max_length=1000,
        )
        quote: Literal['"', "'"] = Field(
            '"', title="Quote", description="Stands around cells that hold a delimiter", enum_titles=['"', "'"]
        )
        quote_all: bool = Field(False, title="Quote all", description="Write quotes around every cell", tab="Writing")
        escape_formulas: bool = Field(
            False, title="Escape formulas", description="Put ' before a text that begins as a formula", tab="Writing"
        )
        line_end: Literal["crlf", "lf"] = Field(
            "crlf",
            title="Lines end with",
            description="What is written",
            enum_titles=["CR LF (the standard)", "LF (Unix)"],
            tab="Writing",
        )
        numbers: bool = Field(
            False, title="Numbers as numbers", description="12 and 2.5 become numbers, 007 stays a text"
        )
        max_rows: int = Field(100_000, ge=1, le=1_000_000, title="Most rows", description="More are refused")
        max_size: int = Field(
            16_777_216, ge=1, le=67_108_864, title="Largest text", description="Bytes; a larger one is refused"
        )

        @field_validator("columns")
        @classmethod
        def _distinct(cls, columns: list[str]) -> list[str]:
            for place, column in enumerate(columns):
                if column in columns[:place]:
                    raise ValueError(f"the column {column!r} stands twice; each needs a name of its own")
            return columns

        @field_validator("quote")
        @classmethod
        def _differs(cls, quote: str, info: ValidationInfo) -> str:
            if quote == info.data.get("delimiter"):
                raise ValueError("the quote is the delimiter too; choose another for one of them")
            return quote

    settings: Settings

    parsed = output("parsed", RowsOutput)
    written = output("written", TextOutput)

    @input("parse")
    async def parse(self, ctx: Context, message: TextInput) -> Result:
        columns, rows = await off_loop(len(message.text), read_rows, message.text, self._dialect())
        return await self.parsed.emit(
            ctx, RowsOutput(rows=rows, columns=columns, count=len(rows), context=message.context)
        )

    @input("write")
    async def write(self, ctx: Context, message: RowsInput) -> Result:
        text = await off_loop(len(message.rows) * 100, write_rows, message.rows, self._dialect())
        return await self.written.emit(ctx, TextOutput(text=text, context=message.context))

    def _dialect(self) -> Dialect:
        settings = self.settings
        return Dialect(
            delimiter="\t" if settings.delimiter == "\\t" else settings.delimiter,
            quote=settings.quote,
            header=settings.header,
            columns=tuple(settings.columns),
            numbers=settings.numbers,
            quote_all=settings.quote_all,
            escape_formulas=settings.escape_formulas,
            line_end="\r\n" if settings.line_end == "crlf" else "\n",
            max_rows=settings.max_rows,
            max_size=settings.max_size,
        )
