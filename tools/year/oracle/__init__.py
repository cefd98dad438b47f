"""The oracle of a simulated year: written from the documents, with no rule of the product's in it."""
