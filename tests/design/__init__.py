"""Sample pages: the reference for whoever makes a page, and what the browser tests look at."""
