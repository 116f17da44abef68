"""What happens, told to other systems: endpoints, signed deliveries, redelivery (api.md §11)."""
