"""One file a document format; the folder is the registry."""
