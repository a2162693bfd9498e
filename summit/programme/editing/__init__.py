"""What organisers change in a draft: one file for each kind of thing, the same for forms, the editor and programs."""
