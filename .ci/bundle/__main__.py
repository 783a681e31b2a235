"""`python .ci/bundle`: puts the folder above on the path, for it is no place to import from otherwise."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bundle.command import main

if __name__ == "__main__":
    sys.exit(main())
