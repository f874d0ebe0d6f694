"""How editors find, copy and check pages in the admin."""
