"""Let Arrow keep memory that it freed for a second, instead of ten milliseconds.

Reading and writing row groups frees and takes the same megabytes again and again, and each time the system would
have to give them as new pages, which costs a tenth of a run. Must come before pyarrow is imported.
"""

import os

os.environ.setdefault("MIMALLOC_PURGE_DELAY", "1000")
