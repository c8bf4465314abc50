#!/usr/bin/env python3
"""A matcher for `relayproof match --table --compare fuzz/examples/matcher.py`: copy it, and call yours in matches().

A question a line on standard input, an answer a line on standard output, flushed, with the id of its question:
  {"id":1,"pattern":"*.contoso.test","presented":"mail.contoso.test","kind":"CN"}  ->  {"id":1,"match":true}
"kind" is CN, whose text "presented" is, or DNS-ID, of which each code point is one octet. {"id":1,"skip":"why"} declines.
"""
import json
import re
import sys

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def read(text):
    """Is it a wildcard, and its name in lower case: None where one octet, such as a NUL, is none that names have."""
    if len(text) > 253 or not text.isascii():  # asked first: lower() would make a `k` of the Kelvin sign
        return False, None
    wildcard = text.startswith("*.")
    labels = text[2 if wildcard else 0:].lower().split(".")
    if not all(LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():  # digits: an address
        return False, None
    return wildcard, ".".join(labels)


def matches(pattern, presented):
    """RFC 9525 6.3; a pattern *.D stands for D and whatever is below it."""
    pattern_wildcard, wanted = read(pattern)
    presented_wildcard, name = read(presented)
    if wanted is None or name is None:
        return False
    if pattern_wildcard:
        return name == wanted or name.endswith("." + wanted)
    if presented_wildcard:  # stands for exactly one label
        return wanted.partition(".")[2] == name
    return name == wanted


for line in sys.stdin.buffer:
    question = json.loads(line)
    if "presented" in question:
        answer = {"match": matches(question["pattern"], question["presented"])}
    else:
        answer = {"skip": "reads no certificates"}
    print(json.dumps({"id": question["id"], **answer}), flush=True)
