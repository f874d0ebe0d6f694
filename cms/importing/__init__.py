"""Products from a file and into a file: columns, reading, checking without a change, carrying out, writing."""
