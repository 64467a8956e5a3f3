"""Training of the learned parts. Needs the extra `train`; nothing here is imported at run time."""
