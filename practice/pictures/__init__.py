"""Pictures that the practice uploads: photos of practitioners, and the logo."""
