"""What documents of the whole run say: figures counted once, as sentences, tables and charts of each scheme."""
