#!/usr/bin/env python3
"""Python's check of a host name (ssl.match_hostname, gone in 3.12), for `relayproof match --table --compare fuzz/peers/python.py`."""
import json
import ssl
import sys
import warnings

warnings.simplefilter("ignore", DeprecationWarning)


def matches(pattern, presented, kind):
    certificate = {"subject": ((("commonName", presented),),)} if kind == "CN" else {"subjectAltName": (("DNS", presented),)}
    try:
        ssl.match_hostname(certificate, pattern)
    except ssl.CertificateError:
        return False
    return True


for line in sys.stdin.buffer:
    question = json.loads(line)
    if "presented" not in question:
        answer = {"skip": "reads no certificates here"}
    elif question["pattern"].startswith("*"):
        answer = {"skip": "a wildcard is no host name"}
    else:
        answer = {"match": matches(question["pattern"], question["presented"], question.get("kind", "DNS-ID"))}
    print(json.dumps({"id": question["id"], **answer}), flush=True)
