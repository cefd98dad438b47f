"""A real practice under faults: programs killed, connections dropped, servers that refuse or go away."""
