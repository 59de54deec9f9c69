"""What we use of zopfli, which carries no types."""
