#!/usr/bin/env python3
"""Writes Exim's configuration for a plan (or a tenancy): exim.conf, accepted-domains and the trust anchors.

The rule stands in exim.conf.in; here each connector becomes one statement of its ACLs. What a statement needs to
know about a tenant alone (is the connector enabled, is its domain registered) is decided here, what it needs to
know about the peer and the message is left to Exim.
"""

import argparse
import ipaddress
import json
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
DOMAIN = re.compile(r"(?:[A-Za-z0-9_-]{1,63}\.)+[A-Za-z0-9_-]{1,63}\Z")
TENANT = re.compile(r"[A-Za-z0-9._-]+\Z")


class PlanError(Exception):
    pass


def octets(name):
    """A domain as a regular expression for exactly it."""
    return name.replace(".", r"\.")


def checked_domain(name, place):
    if not DOMAIN.match(name):
        raise PlanError(f"{place}: {name!r} is no domain name of two or more labels")
    return name.lower()


def split_pattern(pattern, place):
    """`*.contoso.test` → (True, contoso.test)."""
    wildcard = pattern.startswith("*.")
    return wildcard, checked_domain(pattern[2:] if wildcard else pattern, place)


def presented_names(pattern, place):
    """The regular expression of the presented names that a pattern matches.

    A wildcard reaches the domain itself and every depth below it; `*.X` on the certificate matches one label before X,
    where X has two labels or more.
    """
    wildcard, domain = split_pattern(pattern, place)
    if wildcard:
        return rf"SHORT_ENOUGH(?:\*\.)?LABELS*{octets(domain)}"
    first, parent = domain.split(".", 1)
    return rf"(?:{octets(first)}|\*)\.{octets(parent)}" if "." in parent else octets(domain)


def names_match(pattern, place):
    """An Exim condition: does a commonName or dNSName of the verified certificate match?"""
    names = presented_names(pattern, place)
    return (rf"or{{ {{match{{$acl_m_subject}}{{\NIN_SUBJECT{names}SUBJECT_END\N}}}} "
            rf"{{match{{$acl_m_altnames}}{{\NIN_ALTNAMES{names}ALTNAMES_END\N}}}} }}")


def domain_list(tenant, only=()):
    """Exim's list of the domains that a tenant's accepted domains cover; with `only`, of those named in it."""
    names = []
    for domain in tenant.get("acceptedDomains", []):
        name = domain["name"].lower()
        if not only or name in only:
            names += [name, f"*.{name}"] if domain.get("matchSubDomains") else [name]
    return " : ".join(dict.fromkeys(names + list(only)))


def registered(tenant, domain):
    return any(domain == accepted["name"].lower() or
               accepted.get("matchSubDomains") and domain.endswith("." + accepted["name"].lower())
               for accepted in tenant.get("acceptedDomains", []))


def networks(connector, place):
    try:
        return [str(ipaddress.IPv4Network(text, strict=False)) for text in connector["senderIPAddresses"]]
    except ValueError as error:
        raise PlanError(f"{place}: senderIPAddresses: {error}") from None


def connectors(tenant, kind):
    for connector in tenant.get("inboundConnectors", []):
        if connector.get("enabled", True) and connector.get("connectorType", "OnPremises") == kind:
            yield connector, f"tenant {tenant['id']}, connector {connector['name']}"


def on_premises(tenant):
    """One statement a connector: whom it recognises, and what that grants."""
    for connector, place in connectors(tenant, "OnPremises"):
        mark = f"{tenant['id']}:"
        grants = [f"acl_m_recognised = ${{acl_m_recognised}}{mark}"]
        pattern = connector.get("tlsSenderCertificateName")
        if pattern:
            recognises = f"condition = ${{if {names_match(pattern, place)} }}"
            if registered(tenant, split_pattern(pattern, place)[1]):
                grants.append(f"acl_m_by_certificate = ${{acl_m_by_certificate}}{mark}")
        else:
            recognises = f"hosts = {' : '.join(networks(connector, place))}"
        senders = [domain_list(tenant)]
        if connector.get("associatedAcceptedDomains"):
            senders.append(domain_list(tenant, [name.lower() for name in connector["associatedAcceptedDomains"]]))
        if all(senders):
            tests = " ".join(f"{{match_domain{{$sender_address_domain}}{{{names}}}}}" for names in senders)
            grants.append(f"acl_m_by_sender = ${{acl_m_by_sender}}${{if and{{ {tests} }} {{{mark}}}}}")
        sets = "\n          ".join(f"set {grant}" for grant in grants)
        yield f"  # {place}\n  warn    {recognises}\n          {sets}\n"


def sender_test(connector, place):
    """An Exim condition: is the sender's domain among a Partner connector's senderDomains?"""
    names = []
    for pattern in connector.get("senderDomains", ["*"]):
        if pattern == "*":
            return "def:sender_address_domain"
        wildcard, domain = split_pattern(pattern, place)
        names += [domain, f"*.{domain}"] if wildcard else [domain]
    return f"match_domain{{$sender_address_domain}}{{{' : '.join(names)}}}"


def restrictions(connector, place):
    """Exim's tests of what a Partner connector asks of the peer."""
    if connector.get("requireTls"):
        yield "encrypted = *"
    if connector.get("restrictDomainsToIPAddresses"):
        addresses = networks(connector, place) if connector.get("senderIPAddresses") else []
        yield f"hosts = {' : '.join(addresses)}"
    if connector.get("restrictDomainsToCertificate"):
        pattern = connector.get("tlsSenderCertificateName")
        yield f"condition = ${{if {names_match(pattern, place)} }}" if pattern else "condition = false"


def partner_name(tenant):
    """What an ACL is called: of letters, digits and underscores alone."""
    return "partner_" + re.sub(r"[^A-Za-z0-9]", lambda octet: f"_{ord(octet[0]):x}_", tenant["id"])


def partner_acl(tenant):
    """An ACL that says whether the Partner connectors of a tenant let a delivery pass; empty without any."""
    partners = list(connectors(tenant, "Partner"))
    if not partners:
        return ""
    lines = [f"{partner_name(tenant)}:",
             rf"  accept  condition = ${{if match{{:$acl_m_recognised}}{{\N:{octets(tenant['id'])}:\N}}}}"]
    for connector, place in partners:
        asks = "".join(f"\n          {test}" for test in restrictions(connector, place))
        lines.append(f"  # {place}\n  accept  condition = ${{if {sender_test(connector, place)} }}{asks}")
    for connector, place in partners:
        lines.append(f"  deny    condition = ${{if {sender_test(connector, place)} }}\n"
                     "          message = 550 5.7.51 TenantInboundAttribution; Rejecting")
    return "\n".join(lines + ["  accept", ""])


def partner_call(tenant):
    return (f"\n  accept  condition = ${{if eq{{$acl_m_owner}}{{{tenant['id']}}}}}\n          endpass\n"
            f"          acl = {partner_name(tenant)}\n")


def trust_anchors(plan, folder):
    return "".join(entry.rstrip("\n") + "\n" if "-----BEGIN" in entry else (folder / entry).read_text()
                   for entry in plan.get("trustAnchors", []))


def host_and_port(text):
    """127.0.0.1:2526 as a host list of Exim, where a colon separates and is written twice."""
    host, _, port = text.rpartition(":")
    try:
        return f"{ipaddress.IPv4Address(host)}::{int(port)}"
    except ValueError:
        raise PlanError(f"{text!r}: write an IPv4 address and a port, such as 127.0.0.1:2526") from None


def configuration(plan, values):
    tenants = plan["tenants"]
    for tenant in tenants:
        if not TENANT.match(tenant["id"]):
            raise PlanError(f"tenant id {tenant['id']!r}: use letters, digits, '.', '_' and '-' alone")
        for domain in tenant.get("acceptedDomains", []):
            checked_domain(domain["name"], f"tenant {tenant['id']}, acceptedDomains")
    partners = [(tenant, acl) for tenant in tenants if (acl := partner_acl(tenant))]
    values |= {
        "CONNECTORS": "\n".join(text for tenant in tenants for text in on_premises(tenant)),
        "PARTNERS": "".join(partner_call(tenant) for tenant, _ in partners),
        "PARTNER_ACLS": "\n".join(acl for _, acl in partners),
    }
    return re.sub("@([A-Z_]+)@", lambda match: values[match[1]], (HERE / "exim.conf.in").read_text())


def accepted_domains(plan):
    """Keys for partial-lsearch, whose `*.contoso.test` is the domain and everything below it."""
    return "".join(f"{'*.' if domain.get('matchSubDomains') else ''}{domain['name'].lower()}: {tenant['id']}\n"
                   for tenant in plan["tenants"] for domain in tenant.get("acceptedDomains", []))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], usage="%(prog)s PLAN FOLDER OPTIONS")
    parser.add_argument("plan", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    for name in ("exim", "port", "tls-port", "next-hop", "local-hop"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    try:
        plan = json.loads(options.plan.read_text(encoding="utf-8"))
        conf = configuration(plan, {
            "EXIM": options.exim, "FOLDER": str(options.folder), "PORT": options.port, "TLS_PORT": options.tls_port,
            "NEXT_HOP": host_and_port(options.next_hop), "LOCAL_HOP": host_and_port(options.local_hop)})
        (options.folder / "exim.conf").write_text(conf)
        (options.folder / "accepted-domains").write_text(accepted_domains(plan))
        (options.folder / "tls" / "trust-anchors.pem").write_text(trust_anchors(plan, options.plan.parent))
    except (OSError, ValueError, PlanError) as error:
        parser.error(f"{options.plan}: {error}")
    except KeyError as error:
        parser.error(f"{options.plan}: key {error} is missing: give a plan of `relayproof plan --format json`")


if __name__ == "__main__":
    main()
