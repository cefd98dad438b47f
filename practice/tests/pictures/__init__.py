"""Tests of pictures: what is taken, what is served, and who may change it."""
