"""The program inside the frozen form."""

import multiprocessing
import sys

PROVE = "--prove-frozen"
"""Shows that nothing was left out: what stands in folders, what reads foreign files, a fresh process."""


def prove() -> None:
    """Prints what was found; fails where a part is missing."""
    import importlib
    import pkgutil

    import perfxl
    from perfxl.processes import Pool

    for module in pkgutil.walk_packages(perfxl.__path__, "perfxl."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for extra in ("docx", "docxtpl", "pypdfium2"):
        importlib.import_module(extra)
    with Pool(1, fresh=True) as pool:
        pool.begin([int])
        answers = list(pool.finish())
    assert answers == [(0, 0)], answers
    print(f"{sum(name.startswith('perfxl.') for name in sys.modules)} modules, a fresh process answers")


if __name__ == "__main__":
    # Fresh workers are this program once more.
    multiprocessing.freeze_support()
    if sys.argv[1:] == [PROVE]:
        prove()
        sys.exit()
    # What starts perfxl as a module of a Python finds it here too.
    if sys.argv[1:3] == ["-m", "perfxl"]:
        del sys.argv[1:3]
    from perfxl.cli.app import main

    main()
