"""Text messages as a channel: what a gateway must be able to do, the one we speak to, and the transport."""
