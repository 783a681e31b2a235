"""What goes wrong while a bundle is built."""


class BundleError(Exception):
    """In words: what is missing, where, and what to do."""
