"""Write many products at once: what Wagtail does for each page with some hundred statements, for all with as many.

Nothing of it is left out: place in the tree, rows, revision, history, reference and search index, the shop. What is
out of the ordinary (`suits`) goes the way of a single page.
"""

from cms.importing.batch.suiting import suits
from cms.importing.batch.writing import write

__all__ = ["suits", "write"]
