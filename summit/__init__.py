"""Summit: a platform for virtual summits."""
