"""Five sealed services on one ground: intake, notify, search, survey, gis. None imports another."""
