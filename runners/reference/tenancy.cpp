#include "runners/reference/tenancy.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>

namespace relayproof::reference {
namespace {

using nlohmann::json;

// What stops the reading, thrown within this file alone.
struct Flaw {
  std::string text;
};

[[noreturn]] void refuse(const std::string& place, const std::string& why) { throw Flaw{place + ": " + why}; }

json parse(std::string_view text) {
  std::vector<std::set<std::string>> open;
  std::optional<std::string> repeated;
  const auto watch = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key && !open.back().insert(value.get<std::string>()).second && !repeated)
      repeated = value.get<std::string>();
    return true;
  };
  try {
    json document = json::parse(text, watch);
    if (repeated) refuse(*repeated, "the key stands twice in one object; remove one of them");
    return document;
  } catch (const json::exception& e) {
    refuse("tenancy", fmt::format("not JSON ({}); mend the text", e.what()));
  }
}

void allowKeys(const json& object, const std::string& place, std::initializer_list<std::string_view> known) {
  if (!object.is_object()) refuse(place, "must be an object");
  for (const auto& [key, value] : object.items())
    if (std::ranges::find(known, key) == known.end())
      refuse(place + "." + key, "unknown key; remove it or correct its spelling");
}

std::string text(const json& object, const std::string& place, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) return {};
  if (!at->is_string()) refuse(place + "." + key, "must be a string");
  return at->get<std::string>();
}

std::string requiredText(const json& object, const std::string& place, const char* key) {
  std::string value = text(object, place, key);
  if (value.empty()) refuse(place + "." + key, "is missing or empty; give it a value");
  return value;
}

bool flag(const json& object, const std::string& place, const char* key, bool otherwise) {
  const auto at = object.find(key);
  if (at == object.end()) return otherwise;
  if (!at->is_boolean()) refuse(place + "." + key, "must be true or false");
  return at->get<bool>();
}

bool secondOfTwo(const json& object, const std::string& place, const char* key, const char* first, const char* second) {
  const std::string value = object.contains(key) ? requiredText(object, place, key) : first;
  if (value != first && value != second)
    refuse(place + "." + key, fmt::format("\"{}\" must be \"{}\" or \"{}\"", value, first, second));
  return value == second;
}

const json& list(const json& object, const std::string& place, const char* key) {
  static const json none = json::array();
  const auto at = object.find(key);
  if (at == object.end()) return none;
  if (!at->is_array()) refuse(place + "." + key, "must be a list");
  return *at;
}

std::vector<std::string> texts(const json& object, const std::string& place, const char* key) {
  std::vector<std::string> values;
  for (const json& entry : list(object, place, key)) {
    if (!entry.is_string()) refuse(fmt::format("{}.{}[{}]", place, key, values.size()), "must be a string");
    values.push_back(entry.get<std::string>());
  }
  return values;
}

std::string domain(const std::string& name, const std::string& place) {
  const auto pattern = parsePattern(name);
  if (!pattern || pattern->wildcard)
    refuse(place, fmt::format("\"{}\" is no domain of two or more labels; write it like contoso.test", name));
  return pattern->domain;
}

Network network(const std::string& written, const std::string& place) {
  const std::string wrong = fmt::format("\"{}\" is no IPv4 address with an optional length of /24 to /32", written);
  const char* at = written.data();
  const char* const end = at + written.size();
  const auto number = [&](unsigned most) {
    unsigned value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc{} || value > most || next - at > 3) refuse(place, wrong);
    at = next;
    return value;
  };
  std::uint32_t address = 0;
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0 && (at == end || *at++ != '.')) refuse(place, wrong);
    address = address << 8 | number(255);
  }
  unsigned length = 32;
  if (at != end) {
    if (*at++ != '/') refuse(place, wrong);
    length = number(32);
  }
  if (at != end || length < 24) refuse(place, wrong);
  const std::uint32_t mask = ~std::uint32_t{0} << (32 - length);
  return {address & mask, mask};
}

AcceptedDomain acceptedDomain(const json& object, const std::string& place) {
  allowKeys(object, place, {"name", "type", "matchSubDomains"});
  AcceptedDomain accepted;
  accepted.name = domain(requiredText(object, place, "name"), place + ".name");
  accepted.internalRelay = secondOfTwo(object, place, "type", "Authoritative", "InternalRelay");
  accepted.matchSubDomains = flag(object, place, "matchSubDomains", false);
  if (accepted.matchSubDomains && !accepted.internalRelay)
    refuse(place + ".matchSubDomains", "needs type InternalRelay; change the type or leave it out");
  return accepted;
}

Connector connector(const json& object, const std::string& place) {
  allowKeys(
      object, place,
      {"name", "enabled", "connectorType", "tlsSenderCertificateName", "senderIPAddresses", "requireTls",
       "restrictDomainsToCertificate", "restrictDomainsToIPAddresses", "senderDomains", "associatedAcceptedDomains"});
  Connector made;
  made.name = text(object, place, "name");
  made.enabled = flag(object, place, "enabled", true);
  made.partner = secondOfTwo(object, place, "connectorType", "OnPremises", "Partner");
  made.requireTls = flag(object, place, "requireTls", false);
  made.restrictToCertificate = flag(object, place, "restrictDomainsToCertificate", false);
  made.restrictToAddresses = flag(object, place, "restrictDomainsToIPAddresses", false);

  made.certificateNameAsWritten = text(object, place, "tlsSenderCertificateName");
  if (!made.certificateNameAsWritten.empty()) {
    const auto pattern = parsePattern(made.certificateNameAsWritten);
    if (!pattern)
      refuse(place + ".tlsSenderCertificateName",
             fmt::format("\"{}\" is no domain pattern; write a name of two or more labels, or *. before one",
                         made.certificateNameAsWritten));
    made.certificateName = *pattern;
  }
  for (const std::string& address : texts(object, place, "senderIPAddresses"))
    made.addresses.push_back(network(address, fmt::format("{}.senderIPAddresses[{}]", place, made.addresses.size())));
  if (!made.partner && made.namesCertificate() == !made.addresses.empty())
    refuse(place,
           "an OnPremises connector has either tlsSenderCertificateName or senderIPAddresses; give one of the two");

  if (object.contains("senderDomains")) made.senderDomains.clear();
  for (const std::string& sender : texts(object, place, "senderDomains")) {
    if (sender != "*" && !parsePattern(sender))
      refuse(fmt::format("{}.senderDomains[{}]", place, made.senderDomains.size()),
             fmt::format("\"{}\" must be *, a domain, or *. before a domain", sender));
    made.senderDomains.push_back(foldCase(sender));
  }
  for (const std::string& associated : texts(object, place, "associatedAcceptedDomains"))
    made.associatedDomains.push_back(
        domain(associated, fmt::format("{}.associatedAcceptedDomains[{}]", place, made.associatedDomains.size())));
  return made;
}

Tenant tenant(const json& object, const std::string& place) {
  allowKeys(object, place, {"id", "acceptedDomains", "inboundConnectors"});
  Tenant made;
  made.id = requiredText(object, place, "id");
  if (std::ranges::any_of(made.id, [](char c) { return c <= ' ' || c > '~'; }))
    refuse(place + ".id", "becomes a header of relayed mail; use printable ASCII without spaces");
  for (const json& entry : list(object, place, "acceptedDomains"))
    made.acceptedDomains.push_back(
        acceptedDomain(entry, fmt::format("{}.acceptedDomains[{}]", place, made.acceptedDomains.size())));
  for (const json& entry : list(object, place, "inboundConnectors"))
    made.connectors.push_back(connector(entry, fmt::format("{}.inboundConnectors[{}]", place, made.connectors.size())));
  return made;
}

std::string anchor(const std::string& written, const std::string& folder, const std::string& place) {
  if (written.find("-----BEGIN") != std::string::npos) return written;
  if (written.empty() || written.find('\0') != std::string::npos) refuse(place, "must be a file or PEM text");
  const auto path = std::filesystem::path(folder) / written;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  if (!file || !(content << file.rdbuf()))
    refuse(place, fmt::format("cannot read {}; give a file relative to the tenancy, or the PEM text", path.string()));
  return content.str();
}

Tenancy tenancy(const json& document, const std::string& folder) {
  if (!document.is_object() || !document.contains("tenants")) refuse("tenants", "is missing; give a list of tenants");
  Tenancy made;
  std::set<std::string> ids;
  std::map<std::string, std::string> owners;
  for (const json& entry : list(document, "tenancy", "tenants")) {
    const std::string place = fmt::format("tenants[{}]", made.tenants.size());
    made.tenants.push_back(tenant(entry, place));
    const Tenant& added = made.tenants.back();
    if (!ids.insert(added.id).second)
      refuse(place + ".id", fmt::format("\"{}\" is another tenant's id too; rename one", added.id));
    for (const AcceptedDomain& accepted : added.acceptedDomains) {
      const auto [owner, fresh] = owners.emplace(accepted.name, added.id);
      if (!fresh)
        refuse(place + ".acceptedDomains",
               fmt::format("\"{}\" is accepted by \"{}\" already; keep it in one place", accepted.name, owner->second));
    }
  }
  for (const std::string& written : texts(document, "tenancy", "trustAnchors"))
    made.trustAnchors.push_back(anchor(written, folder, fmt::format("trustAnchors[{}]", made.trustAnchors.size())));
  return made;
}

}  // namespace

std::variant<Tenancy, Problem> loadTenancy(std::string_view json, const std::string& folder) {
  try {
    return tenancy(parse(json), folder);
  } catch (const Flaw& flaw) {
    return Problem{flaw.text};
  }
}

}  // namespace relayproof::reference
