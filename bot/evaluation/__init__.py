"""Measuring: labelled questions, labelled postings."""
