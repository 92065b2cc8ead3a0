"""Real servers for the tests on a developer's machine: RabbitMQ, PostgreSQL, Elasticsearch, Chromium.

Standard library only: this runs before any virtualenv exists.
"""
