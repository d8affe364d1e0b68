"""E-tickets, hotel vouchers and boarding passes as PDF."""

from __future__ import annotations

from tools.documents.pdf import PdfDocuments

__all__ = ["PdfDocuments"]
