"""What the library says of a capture: the JSON lines of examples/events.

doc/events.md is the schema.  A connection's events are sorted by kind and by
endpoint, and the rules that hold for every capture are checked on the way:
one `new`, first; one `end`, last; states that follow upon each other.
"""
import json
import subprocess

SIDES = ("client", "server")


class Connection:
    """One connection of a capture."""

    def __init__(self, new):
        self.tuple = tuple(new["tuple"])
        self.time = new["time"]
        self.states = {side: [] for side in SIDES}  # state events
        self.data = {side: [] for side in SIDES}
        self.gaps = {side: [] for side in SIDES}
        self.established = None
        self.end = None
        self.broken = []  # What no connection may do.

    def side_of(self, address, port):
        """Who has this address and port; None if neither."""
        ends = (self.tuple[:2], self.tuple[2:])
        for side, end in zip(SIDES, ends):
            if end == (address, port):
                return side
        return None

    def moves(self, side):
        """The states that an endpoint went through.

        Before its own first segment it is LISTEN or UNKNOWN: an inference
        that no other witness shares.  Where it turned out that a RST had not
        closed it, it went nowhere.
        """
        moves = []
        for event in self.states[side]:
            if event["stimulus"] == "resume":
                moves = moves[:-1]
            elif event["to"] not in ("LISTEN", "UNKNOWN"):
                moves.append(event["to"])
        return moves

    def was_reversed(self):
        """Whether a RST had counted and did not."""
        return any(event["stimulus"] == "resume"
                   for side in SIDES for event in self.states[side])

    def take(self, event):
        """Sorts one event in."""
        what = event["event"]
        if self.end is not None:
            self.broken.append(f"{what} after end")
        if what == "new":
            self.broken.append("a second new")
        elif what == "flip":
            self.take_flip(event)
        elif what == "state":
            self.take_state(event)
        elif what == "established":
            self.broken += ["established twice"] * bool(self.established)
            self.established = event
        elif what == "data":
            self.data[event["side"]].append(event)
        elif what == "gap":
            self.gaps[event["side"]].append(event)
        elif what == "end":
            self.end = event

    def take_flip(self, event):
        """The sides had the wrong names."""
        self.tuple = tuple(event["tuple"])
        for told in (self.states, self.data, self.gaps):
            told["client"], told["server"] = told["server"], told["client"]

    def take_state(self, event):
        """Sorts a move in."""
        before = self.states[event["side"]]
        if before and before[-1]["to"] != event["from"]:
            self.broken.append(f"{event['side']} was {before[-1]['to']}, "
                               f"left {event['from']}")
        before.append(event)


def lines_of(program, capture, *options):
    """The events of a capture, one after the other."""
    run = subprocess.run([program, *options, capture], text=True, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode != 0:
        raise SystemExit(f"{program}: status {run.returncode}: "
                         f"{run.stderr.strip()}")
    return map(json.loads, run.stdout.splitlines())


def connections_of(program, capture, *options):
    """The connections of a capture, in the order of their `new`."""
    found = []
    for event in lines_of(program, capture, *options):
        if event["event"] == "new" and event["conn"] == len(found):
            found.append(Connection(event))
        else:
            found[event["conn"]].take(event)
    for connection in found:
        if connection.end is None:
            connection.broken.append("no end")
    return found
