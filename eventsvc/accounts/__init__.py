"""Organisers (tenants) and every credential."""
