"""The pure part of an import: from bytes to rows, and from a row to what it means."""
