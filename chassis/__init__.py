"""The ground every service stands on: settings, tenants, store, bus, web. It names no service."""

import warnings

# nameko stands on eventlet, which announces its retirement at every import.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
