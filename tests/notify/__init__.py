"""Tests of services/notify."""
