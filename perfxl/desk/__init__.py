"""The clerk's desk: a year's folder with what is double-clicked in it, for people who have no command line."""
