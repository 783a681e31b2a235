"""What documents of the whole run say: figures counted once, as sentences, lines of tables and charts of each scheme."""
