"""Server-drawn pages; they work without script."""
