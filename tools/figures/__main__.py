"""`python -m tools.figures`: draw every figure again, into practice/static/figures/ and templates/art/."""

from tools.figures import at_rest
from tools.figures.writing import FOLDER, write

write()
at_rest.write()
print(f"written: {FOLDER}, {at_rest.FOLDER}")
