"""What `spark-submit` is given to run: it takes a file, and this one may stand anywhere."""

import sys

from bigcode_optout.exclusionlist.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
