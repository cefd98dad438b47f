"""The pages of payments in the workspace."""
