"""`python -m tools.figures`: draw every figure again, into practice/static/figures/."""

from tools.figures.writing import FOLDER, write

write()
print(f"written: {FOLDER}")
