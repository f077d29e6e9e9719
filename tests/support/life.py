"""What can happen to a home: files come late, are corrected, refused and sent again, and days are
run in whatever order, in ranges, again, or only in part."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from tests.support.home import STEPS, GateClosedError, Home
from tests.support.tiny_bank import DAYS, LAST_DAY, Landing, TinyBank, day

RUNS = 5


@dataclass(frozen=True)
class Arrival:
    """A file's content as it lies in landing from a day on."""

    at: int
    path: str
    content: str


class Life:
    """A seeded history of arrivals and runs over one tiny bank."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.bank = TinyBank(seed)
        self.final = self._with_repeats(self.bank.landing())
        self.arrivals = sorted(self._arrivals(), key=lambda arrival: arrival.at)
        self.log: list[str] = []

    def live(self, home: Home) -> None:
        """Lets the files arrive and days be run, until everything is there and the last day ran."""
        frontier = -1
        for at in sorted(self._chance.sample(range(DAYS - 1), RUNS - 1)):
            self._arrive(home, frontier, at)
            self._run_some(home, frontier, at)
            frontier = at
        self._arrive(home, frontier, DAYS + 99)
        home.run(LAST_DAY, LAST_DAY)

    # -- files ----------------------------------------------------------------------------------

    def _with_repeats(self, files: Landing) -> Landing:
        """Some files are sent again, byte for byte, days later or the same day."""
        again: Landing = {}
        for path, content in files.items():
            if self._chance.random() < 0.04:
                table, on, _ = path.split("/")
                later = date.fromisoformat(on) + timedelta(days=self._chance.choice([0, 1, 9, 33]))
                if later <= LAST_DAY:
                    again[f"{table}/{later}/z.csv"] = content
        return files | again

    def _arrivals(self) -> list[Arrival]:
        found = []
        for path, content in self.final.items():
            due = (date.fromisoformat(path.split("/")[1]) - day(0)).days
            fate = self._chance.random()
            if fate < 0.12:
                # Lies in the folder of its day, but only days or weeks later.
                found.append(Arrival(due + self._chance.randint(1, 70), path, content))
            elif fate < 0.24:
                found.append(Arrival(due, path, self._mistaken(content)))
                found.append(Arrival(due + self._chance.randint(1, 70), path, content))
            else:
                found.append(Arrival(due, path, content))
        return found

    def _mistaken(self, content: str) -> str:
        """A first attempt at a file: refused; or rows missing, repeated, or with other values."""
        header, *lines = content.splitlines()
        fate = self._chance.random()
        if fate < 0.04:
            header = header.replace("_on", "_at")
        elif fate < 0.4:
            lines = [line for line in lines if self._chance.random() < 0.5]
        elif fate < 0.6:
            lines = lines * 2
        else:
            lines = [line.replace(".00", ".13").replace("retail", "corporate") for line in lines]
        return "\n".join([header, *lines, ""])

    def _arrive(self, home: Home, after: int, through: int) -> None:
        """What came since; a day that is still to come may already lie there."""
        for arrival in self.arrivals:
            if after < arrival.at <= through or (after < 0 and arrival.at < 0):
                home.land({arrival.path: arrival.content})

    # -- runs -----------------------------------------------------------------------------------

    def _run_some(self, home: Home, frontier: int, at: int) -> None:
        kind = self._chance.choice(["day", "range", "back", "broken off", "again"])
        if kind == "day":
            self._run(home, day(at), day(at))
        elif kind == "range":
            self._run(home, day(frontier + 1), day(at))
        elif kind == "back":
            # The newest first, then one of the days before it.
            self._run(home, day(at), day(at))
            self._run_back(home, at)
        elif kind == "broken off":
            steps = STEPS[: self._chance.randint(1, len(STEPS) - 1)]
            self._run(home, day(at), day(at), steps)
        else:
            self._run_back(home, at)

    def _run_back(self, home: Home, at: int) -> None:
        first = self._chance.randint(0, at)
        self._run(home, day(first), day(self._chance.randint(first, at)))

    def _run(self, home: Home, first: date, last: date, steps: tuple[str, ...] = STEPS) -> None:
        self.log.append(f"{first} to {last}: {', '.join(steps)}")
        try:
            home.run(first, last, steps)
        except GateClosedError as closed:
            # A refused file closes the gate of raw until a good one replaces it.
            if "refused_files" not in str(closed):
                raise
            self.log.append("held back by a refused file")
