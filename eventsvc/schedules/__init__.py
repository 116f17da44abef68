"""A programme as a file: our own JSON, frab's XML and JSON, schema.org; read and written."""
