#!/usr/bin/env python3
"""tests/examples/tcpdump_lines.py - dump's lines are tcpdump's, frame by frame.

usage: tcpdump_lines.py DUMP DEVIATIONS CAPTURE...

For each capture and each of the modes below, both print all frames with -#;
records are matched by their numbers, so a difference in one hides no other.
Compared is every record that is TCP to either, up to the payload's length:
behind it, tcpdump goes on with the payload's own protocol.  A record of several
lines (-v, tunnels) is compared as a whole.

DEVIATIONS names the causes that a record may differ by: NAME | FILE | THEIRS |
OURS, a part of the capture's name or *, and regular expressions.  What no cause
explains is printed, and makes the exit status 1.  So does a mode in which
nothing was compared.
"""
import collections
import os
import re
import subprocess
import sys

MODES = ['-S -tt', '-tttt', '-S -t -v', '-S -t -e', '-S -t -v -e']
SHOWN = 40

FLAGS = re.compile(r': Flags \[[^\]]*\](?=, (?:cksum|seq|ack|win)| \[bad hdr)')
TCP = re.compile(r': Flags \[[^\]]*\](?=, (?:cksum|seq|ack|win)| \[bad hdr)'
                 r'| \[bad hdr length | \[\|tcp\]')
# An error quotes a packet, and is none of TCP.
ICMP = re.compile(r': ICMP6?[, ]')
LENGTH = re.compile(r', length \d+( \[remaining caplen\(\d+\) < header '
                    r'length\(\d+\)\] \[\|tcp\])?}*')
# The interface of a cooked capture has a name on its own host only.
COOKED = re.compile(r'(^| )[^ ]+ +(In |Out|B  |M  |P  |\?  ) (?=IP|ifindex|'
                    r'MPLS|ethertype|PPPoE| \[)')


def until_payload(text):
    """The record up to the payload's length."""
    text = COOKED.sub(r'\1?     \2 ', text, count=1)
    flags = FLAGS.search(text)
    if flags:
        length = LENGTH.search(text, flags.end())
        if length:
            text = text[:length.end()]
    return text.rstrip('\n')


def without_ae(text):
    """Releases before Accurate ECN do not know the flag e."""
    def strip(match):
        letters = match.group(1)
        return ': Flags [' + (letters or 'none') + ']'
    return re.sub(r': Flags \[([A-Z.]*)e\]', strip, text, count=1)


def records(command, path):
    """Frame number to record.  Further lines of a record have no number."""
    done = subprocess.run(command + [path], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)
    found = {}
    latest = 0
    for line in done.stdout.decode('latin-1').split('\n'):
        head = re.match(r' *(\d+)  (.*)', line, re.S)
        if head and latest < int(head.group(1)) <= latest + 1000000:
            latest = int(head.group(1))
            found[latest] = head.group(2)
        elif latest:
            found[latest] += '\n' + line
    return {number: until_payload(text) for number, text in found.items()}


def causes(path):
    """The rows of the list of deviations."""
    rows = []
    with open(path, encoding='ascii') as lines:
        for line in lines:
            if line.strip() and not line.startswith('#'):
                name, part, theirs, ours = line.rstrip('\n').split(' | ')
                rows.append((name.strip(), part, re.compile(theirs, re.S),
                             re.compile(ours, re.S)))
    return rows


def cause_of(rows, path, theirs, ours):
    """The first cause that explains a difference."""
    if without_ae(ours) == theirs:
        return 'ae'
    for name, part, left, right in rows:
        if part in ('*',) or part in os.path.basename(path):
            if left.search(theirs) and right.search(ours):
                return name
    return None


class Run:
    """What was compared, and what was found."""

    def __init__(self, dump, rows):
        self.dump = dump
        self.rows = rows
        self.compared = collections.Counter()
        self.explained = collections.Counter()
        self.unexplained = 0

    def compare(self, path, mode):
        """One capture in one mode."""
        options = ['-nn', '-#'] + mode.split()
        theirs = records(['tcpdump'] + options + ['-r'], path)
        ours = records([self.dump] + options, path)
        for number in sorted(set(theirs) | set(ours)):
            left = theirs.get(number, '')
            right = ours.get(number, '')
            quoted = not right and ICMP.search(left)
            if quoted or not (TCP.search(left) or TCP.search(right)):
                continue
            self.compared[mode] += 1
            if left != right:
                self.judge(path, mode, number, left, right)

    def judge(self, path, mode, number, left, right):
        """One difference."""
        cause = cause_of(self.rows, path, left, right)
        if cause:
            self.explained[cause] += 1
            return
        self.unexplained += 1
        if self.unexplained <= SHOWN:
            print(f'{os.path.basename(path)} frame {number} {mode}\n'
                  f'  tcpdump: {left[:500]!r}\n     dump: {right[:500]!r}')

    def report(self, captures):
        """The figures; whether all is well."""
        print(f'{captures} captures')
        for mode in MODES:
            print(f'{mode:12} {self.compared[mode]} records compared')
        for cause, count in sorted(self.explained.items()):
            print(f'explained by {cause}: {count}')
        print(f'not explained: {self.unexplained}')
        return (self.unexplained == 0 and
                all(self.compared[mode] for mode in MODES))


def main(dump, deviations, captures):
    """Compares all captures in all modes."""
    run = Run(dump, causes(deviations))
    for path in captures:
        for mode in MODES:
            run.compare(path, mode)
    return 0 if run.report(len(captures)) else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
