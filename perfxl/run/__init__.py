"""A run (批次): one pass over a folder, from its files to the results on disk."""
