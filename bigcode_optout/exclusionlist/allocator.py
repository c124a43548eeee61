"""Let Arrow keep memory that it freed for ten seconds, instead of ten milliseconds.

Reading and writing row groups, each of which may take seconds, frees and takes the same megabytes again and again, and
each time the system would have to give them as new pages, which costs a tenth of a run. Must come before pyarrow is
imported.
"""

import os

os.environ.setdefault("MIMALLOC_PURGE_DELAY", "10000")
