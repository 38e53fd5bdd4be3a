"""Speed and memory: of the real knowledge, of large synthetic ones, of starting, and beside other ways to search."""
