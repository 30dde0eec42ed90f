"""A PDF that carries an e-invoice and says so: Factur-X in PDF/A-3.

Works on WeasyPrint's unwritten PDF: its two habits that validators refuse are mended here.
"""

from typing import Any

from django.template.loader import render_to_string

FILE_NAME = "factur-x.xml"
END = b"</rdf:RDF>"


def embed(document: Any, pdf: Any) -> None:
    """WeasyPrint's `finisher`: list the attachment once and describe it in the metadata."""
    # Named in the catalogue's list of files and found again among the objects: twice.
    pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
    metadata = _object(pdf, pdf.catalog["Metadata"])
    # A second rdf:RDF, as WeasyPrint would add it, is overlooked: all belongs into the first.
    described = render_to_string("invoices/factur-x.xmp", {"file_name": FILE_NAME}).encode() + END
    [content] = metadata.stream
    if END not in content:
        raise ValueError("WeasyPrint writes its metadata in a way we do not know")
    metadata.stream = [content.replace(END, described)]


def _object(pdf: Any, reference: bytes | str) -> Any:
    number = int(reference.split()[0])
    return pdf.objects[number]
