#include "conformance/run/setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "certs/mint.h"
#include "conformance/verdict/tenancy.h"

namespace relayproof::run {
namespace {

constexpr std::string_view kSchema = "relayproof.setup/1";

std::map<std::string, std::string> textMap(const Node& root, std::string_view key) {
  std::map<std::string, std::string> texts;
  if (const auto node = root.find(key))
    for (const auto& [name, value] : node->members()) texts[name] = value.string();
  return texts;
}

std::map<std::string, std::string> addressMap(const Node& root, std::string_view key) {
  if (const auto node = root.find(key))
    for (const auto& [name, value] : node->members()) {
      const std::string text = value.string();
      const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c != '<' && c != '>'; });
      const std::size_t at = text.rfind('@');
      if (!plain || at == std::string::npos || at == 0 || at + 1 == text.size())
        value.fail(fmt::format("\"{}\" is no mail address", text), "write someone@elsewhere.test");
    }
  return textMap(root, key);
}

bool isLoopback(const std::string& host) {
  const auto address = verdict::parseIpv4(host);
  return host == "localhost" || (address && *address >> 24 == 127);
}

}  // namespace

const std::vector<SetupKey>& setupKeys() {
  static const std::vector<SetupKey> keys = {
      {"target", "HOST:PORT", "the relay under test; without it the embedded reference relay is tested"},
      {"operated", "", "I operate this relay (needed for a target outside 127.0.0.0/8)"},
      {"tls", "starttls|implicit", "how TLS begins"},
      {"otherTarget", "HOST:PORT", "another port of the relay, where TLS begins the other way"},
      {"profile", "NAME|FILE", "which answers are right where the documents leave a question open"},
      {"tenants", "all|one", "the tenancy that the relay was given"},
      {"addresses", "NAME=IP", "the client address that stands for a name of the plan"},
      {"domainMap", "RESERVED=DOMAIN", "contoso.test=lab.example: a domain of your own in the place of one of ours"},
      {"issuer", "CERT,KEY", "a CA of your own in the place of our root, its issuers after it"},
      {"clientAddress", "bind|proxy-protocol|xclient", "how a client address reaches the relay"},
      {"recipients", "LABEL=ADDRESS", "the recipient that stands for a label (external, local:TENANT)"},
      {"senders", "LABEL=ADDRESS", "the sender that stands for a label (foreign, local:TENANT)"},
      {"ehlo", "NAME", "the name said in EHLO; {token} is replaced"},
      {"sni", "NAME", "the server name sent in the TLS handshake"},
      {"serverCa", "PEM", "verify the relay's own certificate against this CA"},
      {"nextHop", "HOST:PORT", "listen here for the mail that the relay relays"},
      {"localHop", "HOST:PORT", "listen here for the mail that the relay delivers"},
      {"crlAddress", "HOST:PORT", "serve lists of revoked certificates here, as the certificates then say"},
      {"tenantHeader", "NAME", "the header in which the relay marks the tenant; empty: none"},
      {"settle", "SECONDS", "how long mail may take to be passed on; learnt when left out"},
      {"noData", "", "stop every session before DATA"},
      {"denyStage", "mail|rcpt|data|endOfData", "where the relay denies"},
      {"without", "CAPABILITY",
       "declare a capability away (repeatable): source-addresses, second-tenant, partner, null-sender, local-delivery, "
       "common-name, subject-alt-name, address-connectors, revocation, tls12, smtputf8, chunking, injection"},
      {"rate", "N", "sessions a second at most; no limit when left out"},
      {"timeout", "SECONDS", "for each wait"},
      {"reloadCommand", "COMMAND",
       "a shell command that gives the relay the plan in the file {plan}; for the last cases"},
      {"healthCommand", "COMMAND", "a shell command that fails when the relay is not well; run between batches"},
      {"restartCommand", "COMMAND", "a shell command that brings a relay back that has crashed; the run goes on"},
      {"relayLog", "FILE", "the relay's log: new lines go to the case, and a crash in it is a failure"},
  };
  return keys;
}

std::string kebab(std::string_view camelCase) {
  std::string kebab;
  for (const char c : camelCase) {
    if (c >= 'A' && c <= 'Z') kebab += '-';
    kebab += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return kebab;
}

Setup readSetup(const Node& root) {
  root.allowOnly(
      {"$schema",        "schema",    "target",        "operated",   "tls",       "otherTarget",   "profile",
       "tenants",        "addresses", "clientAddress", "recipients", "senders",   "ehlo",          "sni",
       "serverCa",       "nextHop",   "localHop",      "crlAddress", "settle",    "noData",        "tenantHeader",
       "denyStage",      "without",   "timeout",       "issuer",     "domainMap", "reloadCommand", "healthCommand",
       "restartCommand", "relayLog",  "rate"});
  if (const auto schema = root.find("schema"); schema && schema->string() != kSchema)
    schema->fail(fmt::format("is \"{}\"", schema->string()), fmt::format("this version reads \"{}\"", kSchema));
  Setup setup;
  setup.target = root.stringOr("target", "");
  if (const auto tenants = root.find("tenants"))
    setup.oneTenant = tenants->choice<bool>({{"all", false}, {"one", true}});
  setup.operated = root.booleanOr("operated", false);
  if (const auto tls = root.find("tls"))
    setup.implicitTls = tls->choice<bool>({{"starttls", false}, {"implicit", true}});
  setup.otherTarget = root.stringOr("otherTarget", "");
  setup.profile = root.stringOr("profile", setup.profile);
  setup.addresses = textMap(root, "addresses");
  if (const auto addresses = root.find("addresses"))
    for (const auto& [name, value] : addresses->members())
      if (!verdict::parseIpv4(value.string()))
        value.fail(fmt::format("\"{}\" is no IPv4 address", value.string()),
                   "write four numbers from 0 to 255 and three dots");
  if (const auto domains = root.find("domainMap")) setup.domains = certs::DomainMap(*domains);
  if (const auto issuer = root.find("issuer")) {
    issuer->allowOnly({"certificate", "key"});
    setup.issuer = {issuer->at("certificate").string(), issuer->at("key").string()};
  }
  if (const auto how = root.find("clientAddress"))
    setup.clientAddress =
        how->choice<session::ClientAddress>({{"bind", session::ClientAddress::bind},
                                             {"proxy-protocol", session::ClientAddress::proxyProtocol},
                                             {"xclient", session::ClientAddress::xclient}});
  setup.recipients = addressMap(root, "recipients");
  setup.senders = addressMap(root, "senders");
  setup.ehlo = root.stringOr("ehlo", "");
  if (std::any_of(setup.ehlo.begin(), setup.ehlo.end(), [](char c) { return c <= ' ' || c > '~'; }))
    root.at("ehlo").fail("holds a space, a line end or another octet that no EHLO name has",
                         "for example {token}.client.example");
  if (const auto sni = root.find("sni")) setup.sni = sni->string();
  setup.serverCa = root.stringOr("serverCa", "");
  setup.nextHop = root.stringOr("nextHop", "");
  setup.localHop = root.stringOr("localHop", "");
  setup.crlAddress = root.stringOr("crlAddress", "");
  if (!setup.crlAddress.empty()) {
    const auto where = parseHostPort(setup.crlAddress, "crlAddress");
    if (!where) root.at("crlAddress").fail(where.error().problem, where.error().mend);
    if (!setup.operated && !isLoopback(where->host))
      root.at("crlAddress").fail(where->host + " is outside 127.0.0.0/8", "say \"operated\": true, as for the target");
  }
  setup.tenantHeader = root.stringOr("tenantHeader", setup.tenantHeader);
  if (const auto settle = root.find("settle")) {
    if (!settle->json().is_number() || settle->json().get<double>() < 0 || settle->json().get<double>() > 600)
      settle->fail("must be a number of seconds from 0 to 600");
    setup.settle = settle->json().get<double>();
  }
  setup.noData = root.booleanOr("noData", false);
  if (const auto stage = root.find("denyStage"))
    setup.denyStage =
        stage->choice<std::string>({{"mail", "mail"}, {"rcpt", "rcpt"}, {"data", "data"}, {"endOfData", "endOfData"}});
  setup.without = root.stringsOr("without", {});
  if (const auto rate = root.find("rate")) {
    if (!rate->json().is_number() || rate->json().get<double>() < 0.01 || rate->json().get<double>() > 10000)
      rate->fail("must be a number of sessions a second from 0.01 to 10000");
    setup.rate = rate->json().get<double>();
  }
  if (const auto timeout = root.find("timeout")) setup.timeout = static_cast<int>(timeout->integer(1, 3600));
  setup.reloadCommand = root.stringOr("reloadCommand", "");
  if (!setup.reloadCommand.empty() && setup.reloadCommand.find(kPlanFile) == std::string::npos)
    root.at("reloadCommand").fail("does not say {plan}", "write it where the command takes the file of a plan");
  setup.healthCommand = root.stringOr("healthCommand", "");
  setup.restartCommand = root.stringOr("restartCommand", "");
  setup.relayLog = root.stringOr("relayLog", "");
  return setup;
}

Expected<HostPort> parseHostPort(const std::string& text, const std::string& key) {
  const auto colon = text.rfind(':');
  HostPort result;
  if (colon != std::string::npos && colon > 0) {
    result.host = text.substr(0, colon);
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, result.port);
    if (error == std::errc() && stop == end && colon + 1 < text.size()) return result;
  }
  return Error{"", key, fmt::format("\"{}\" is not of the form HOST:PORT", text), "for example 127.0.0.1:2525"};
}

Expected<session::Target> targetOf(const Setup& setup) {
  const auto listener = [&](const std::string& text, const char* key, bool implicit) -> Expected<session::Listener> {
    const auto where = parseHostPort(text, key);
    if (!where) return where.error();
    if (!setup.operated && !isLoopback(where->host))
      return Error{"", key, fmt::format("{} is outside 127.0.0.0/8", where->host),
                   "say \"operated\": true in the set-up, or --i-operate-this-relay, if you operate this relay"};
    return session::Listener{where->host == "localhost" ? "127.0.0.1" : where->host, where->port, implicit};
  };
  const auto first = listener(setup.target, "target", setup.implicitTls);
  if (!first) return first.error();
  session::Target target;
  static_cast<session::Listener&>(target) = *first;
  if (!setup.otherTarget.empty()) {
    const auto other = listener(setup.otherTarget, "otherTarget", !setup.implicitTls);
    if (!other) return other.error();
    target.other = *other;
  }
  target.sni = setup.sni;
  target.timeoutSeconds = setup.timeout;
  target.clientAddress = setup.clientAddress;
  target.rate = setup.rate;
  if (!setup.serverCa.empty()) {
    const auto text = readFile(setup.serverCa);
    if (!text) return Error{setup.serverCa, "serverCa", text.error().problem, "name a PEM file"};
    const auto anchors = certs::certificatesFromPem(*text, setup.serverCa);
    if (!anchors) return anchors.error();
    target.serverAnchors = *anchors;
  }
  return target;
}

catalogue::Bindings bindingsOf(const Setup& setup) {
  catalogue::Bindings bindings;
  bindings.addresses = setup.addresses;
  bindings.recipients = setup.recipients;
  bindings.senders = setup.senders;
  if (!setup.ehlo.empty()) bindings.ehlo = setup.ehlo;
  return catalogue::inDomains(std::move(bindings), setup.domains);
}

std::optional<Error> unknownName(const Setup& setup, const catalogue::Catalogue& catalogue) {
  std::vector<std::string> addresses, recipients = {"external"}, senders = {"foreign"};
  for (const auto& [name, ip] : catalogue.addresses) addresses.push_back(name);
  for (const catalogue::Family& family : catalogue.families)
    for (const std::string& tenant : family.tenants) {
      recipients.push_back("local:" + tenant);
      senders.push_back("local:" + tenant);
    }
  const std::tuple<const char*, const std::map<std::string, std::string>&, const std::vector<std::string>&> groups[] = {
      {"addresses", setup.addresses, addresses},
      {"recipients", setup.recipients, recipients},
      {"senders", setup.senders, senders}};
  for (const auto& [key, said, known] : groups)
    for (const auto& [name, value] : said) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      const auto near = nearest(name, {known.begin(), known.end()});
      return Error{"", fmt::format("{}.{}", key, name), "no case knows this name",
                   near ? fmt::format("did you mean \"{}\"?", *near) : "relayproof plan shows the names"};
    }
  return catalogue::unknownDomain(catalogue, setup.domains);
}

}  // namespace relayproof::run
