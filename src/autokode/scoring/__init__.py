"""Batch scoring: the table, the kernel, and streams of texts."""
