"""Where recordings, photos and videos are kept: a folder, or a bucket."""
