"""Stand-ins for what the platform calls outside itself, faithful in their answers and in their failures."""
