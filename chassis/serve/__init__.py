"""Running services: one a process on real servers, all five in one process on a laptop."""
