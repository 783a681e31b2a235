"""Frozen records that go between processes and to disk by the thousand."""

from __future__ import annotations

from dataclasses import MISSING, Field
from typing import Any, ClassVar


class Record:
    """Base of a frozen dataclass with slots: it pickles as a call of its class, which is a quick one.

    What Python makes for such a dataclass looks its fields up for each object that is pickled, and sets them one by
    one past the lock that it put on them; both take many times as long.
    """

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        # Called twice: for the class as it is written, and for that with slots, which the dataclass makes of it.
        made: dict[str, Field[Any]] | None = cls.__dict__.get("__dataclass_fields__")
        if made is not None and "__slots__" in cls.__dict__:
            _quicken(cls, made)

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), tuple([getattr(self, name) for name in self.__match_args__])


def _quicken(cls: type[Record], made: dict[str, Field[Any]]) -> None:
    """Gives a class an `__init__` that sets the fields while the object is of a class without a lock.

    Python lets an object go from one class to another where both have the same slots. A class for which it does not,
    or that asks for more than to set its fields, keeps the `__init__` of the dataclass.
    """
    usual = all(item.init and not item.kw_only and item.default_factory is MISSING for item in made.values())
    names = tuple(made)
    if not usual or cls.__dict__["__slots__"] != names or hasattr(cls, "__post_init__"):
        return
    unlocked = type(cls.__name__, cls.__bases__, {"__slots__": names, "__module__": cls.__module__})
    known: dict[str, Any] = {"set_": object.__setattr__, "locked_": cls, "unlocked_": unlocked}
    known |= {f"default_{name}": item.default for name, item in made.items()}
    arguments = (name if item.default is MISSING else f"{name}=default_{name}" for name, item in made.items())
    lines = (
        f"def __init__(self, {', '.join(arguments)}):",
        " set_(self, '__class__', unlocked_)",
        *(f" self.{name} = {name}" for name in names),
        " self.__class__ = locked_",
    )
    exec("\n".join(lines), known)
    init, usual_init = known["__init__"], cls.__init__
    init.__qualname__, init.__annotations__ = usual_init.__qualname__, usual_init.__annotations__
    type.__setattr__(cls, "__init__", init)
    try:
        cls(*names)
    except TypeError:
        type.__setattr__(cls, "__init__", usual_init)
