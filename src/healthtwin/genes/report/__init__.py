"""One report in several forms: JSON, a page to read, PDF, FHIR resources, a card for the wallet."""

from healthtwin.genes.report.content import Report, build_report
from healthtwin.genes.report.fhir import fhir_bundle
from healthtwin.genes.report.page import html_page, wallet_card
from healthtwin.genes.report.pdf import pdf_document

__all__ = ["Report", "build_report", "fhir_bundle", "html_page", "pdf_document", "wallet_card"]
