"""What goes into the bundles as it stands."""
