"""Sets of whole numbers as sorted lists of [first, last + 1)."""


def merged(pieces):
    """The union of ranges that may overlap and come in any order."""
    union = []
    for first, end in sorted(p for p in pieces if p[0] < p[1]):
        if union and first <= union[-1][1]:
            union[-1] = (union[-1][0], max(end, union[-1][1]))
        else:
            union.append((first, end))
    return union


def holes(union, length):
    """What a union leaves out of [0, length)."""
    left, at = [], 0
    for first, end in union:
        if at < first:
            left.append((at, min(first, length)))
        at = end
    return [(a, b) for a, b in left + [(at, length)] if a < b]
