"""``python -m weirflow.runtime modules.common modules.http``: serve these packages' modules until told to stop."""

import gc
import sys

if __name__ == "__main__":
    # What imports make stays; collecting it again and again takes an eighth of the time. `main` ends this.
    gc.disable()
    from weirflow.runtime.process import main

    sys.exit(main())
