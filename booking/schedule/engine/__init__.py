"""The pure layout of the boards: instants in, places on the wall clock out."""
