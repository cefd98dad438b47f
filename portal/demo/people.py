"""The eight clients of the demo."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo.business import ZONE


@dataclass(frozen=True)
class Person:
    """A client of the demo, and how they book."""

    name: str
    email: str
    phone: str = ""
    zone: str = ZONE
    language: str = "en"


ANN = Person("Ann Whitfield", "ann@example.com", "303 555 0117")
BEN = Person("Ben Okafor", "ben@example.com", "303 555 0163")
LEO = Person("Leo Marsh", "leo@example.com", "", "America/Chicago")
RUTH = Person("Ruth Kaplan", "ruth@example.com", "720 555 0109")
MAYA = Person("Maya Lindqvist", "maya@example.com")
OWEN = Person("Owen Price", "owen@example.com", "720 555 0188")
INES = Person("Inés Vega", "ines@example.com", "", "America/Phoenix", "es")
NOOR = Person("Noor Aziz", "noor@example.com", "303 555 0150")
EVERYBODY = (ANN, BEN, LEO, RUTH, MAYA, OWEN, INES, NOOR)
