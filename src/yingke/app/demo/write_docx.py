"""Writes a Word document from headings and paragraphs."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from docx import Document


def write_docx(title: str, chapters: Sequence[tuple[str, Sequence[str]]], made: datetime) -> bytes:
    """`chapters`: (heading, paragraphs). `made` stands in the document's properties."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = "青蜥露营（演示）"
    document.core_properties.created = made.replace(tzinfo=None)
    document.core_properties.modified = made.replace(tzinfo=None)
    document.add_heading(title, 0)
    for heading, paragraphs in chapters:
        document.add_heading(heading, 1)
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
    target = BytesIO()
    document.save(target)
    return target.getvalue()
