"""Rules of exercises, without Django: what the timer counts, its sound, care, sheets, videos."""
