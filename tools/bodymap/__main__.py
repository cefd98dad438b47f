"""`python -m tools.bodymap`: draw the body map again, into templates/includes/ and practice/static/css/."""

from tools.bodymap.writing import files, write

write()
for path, _text in files():
    print(f"written: {path}")
