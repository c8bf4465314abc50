#include "conformance/catalogue/family.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "conformance/catalogue/dialogue.h"
#include "conformance/catalogue/expectation.h"

namespace relayproof::catalogue {
namespace {

// Lower-case words of letters and digits joined by single hyphens.
bool isKebabCase(std::string_view text) {
  const auto isWord = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  bool afterWord = false;
  for (const char c : text) {
    if (!isWord(c) && !(c == '-' && afterWord)) return false;
    afterWord = isWord(c);
  }
  return afterWord;
}

bool isFamilyName(std::string_view name) {
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    if (!isKebabCase(name.substr(0, dot))) return false;
    name.remove_prefix(dot + 1);
  }
  return isKebabCase(name);
}

std::vector<std::string> tenantIds(const Catalogue& catalogue) {
  std::vector<std::string> ids;
  for (const Json& tenant : catalogue.tenancy.at("tenants")) ids.push_back(tenant.at("id").get<std::string>());
  return ids;
}

std::string addressIn(const Node& node, const Catalogue& catalogue) {
  std::string name = node.string();
  if (catalogue.addresses.contains(name)) return name;
  std::vector<std::string> known;
  for (const auto& entry : catalogue.addresses) known.push_back(entry.first);
  const auto near = nearest(name, {known.begin(), known.end()});
  node.fail(fmt::format("unknown address \"{}\"", name),
            near ? fmt::format("did you mean \"{}\"?", *near) : "add it to \"addresses\" of the family");
}

enum class LabelUse { sender, header, recipient };

std::string labelIn(const Node& node, LabelUse use, const Catalogue& catalogue) {
  std::string label = node.string();
  if (label.starts_with(kLocal)) {
    const auto tenant = label.substr(kLocal.size());
    if (!catalogue.tenant(tenant))
      node.fail(fmt::format("unknown tenant \"{}\"", tenant),
                fmt::format("known: {}", fmt::join(tenantIds(catalogue), ", ")));
    if (catalogue.tenant(tenant)->value("acceptedDomains", Json::array()).empty())
      node.fail(fmt::format("the tenant \"{}\" has no accepted domain", tenant), "write an address with an @");
    return label;
  }
  const bool known = use == LabelUse::recipient ? label == kExternal || isPostmaster(label)
                                                : label == kForeign || (use == LabelUse::sender && label == kNull);
  if (!known && label.find('@') == std::string::npos)
    node.fail(fmt::format("\"{}\" is neither a label nor an address", label),
              use == LabelUse::recipient ? "write external, local:TENANT, Postmaster, or an address with an @"
                                         : "write foreign, local:TENANT, an address with an @, or for a sender null");
  return label;
}

// Numbered lines of 64 octets, their CRLF counted.
std::string numberedLines(std::int64_t count) {
  std::string text;
  for (std::int64_t i = 1; i <= count; ++i) text += fmt::format("{:06} {:.<55}\r\n", i, "");
  return text;
}

std::string linesOf(const std::string& line, std::int64_t count) {
  std::string text;
  for (std::int64_t i = 0; i < count; ++i) text += line + "\r\n";
  return text;
}

// Numbered fields of 64 octets, their CRLF counted.
std::string numberedFields(std::int64_t count) {
  std::string text;
  for (std::int64_t i = 1; i <= count; ++i)
    text += fmt::format("{}X-Filler: {:06} {:.<45}", text.empty() ? "" : "\r\n", i, "");
  return text;
}

std::string fieldOf(const Node& node) {
  if (!node.json().is_object()) return node.string();
  node.allowOnly({"lines"});
  return numberedFields(node.at("lines").integer(1, 1000));
}

std::string bodyOf(const Node& node) {
  if (!node.json().is_object()) return octets(node);
  node.allowOnly({"lines", "of", "then"});
  const std::int64_t count = node.at("lines").integer(1, 10000);
  const auto line = node.find("of"), then = node.find("then");
  return (line ? linesOf(octets(*line), count) : numberedLines(count)) + (then ? octets(*then) : "");
}

// What a node says over what holds without it.
TransactionPlan readTransaction(const Node& node, TransactionPlan plan, const Catalogue& catalogue) {
  if (const auto sender = node.find("sender")) plan.sender = labelIn(*sender, LabelUse::sender, catalogue);
  if (const auto header = node.find("header")) plan.header = labelIn(*header, LabelUse::header, catalogue);
  if (const auto recipients = node.find("recipients")) {
    plan.recipients.clear();
    for (const Node& recipient : recipients->array())
      plan.recipients.push_back(labelIn(recipient, LabelUse::recipient, catalogue));
    if (plan.recipients.empty()) recipients->fail("holds no recipient", "name at least one, such as \"external\"");
  }
  plan.mailParameters = node.stringOr("mailParameters", plan.mailParameters);
  plan.recipientParameters = node.stringOr("recipientParameters", plan.recipientParameters);
  if (const auto headers = node.find("headers")) {
    plan.extraHeaders.clear();
    for (const Node& header : headers->array()) plan.extraHeaders.push_back(fieldOf(header));
  }
  plan.headersLast = node.booleanOr("headersLast", plan.headersLast);
  plan.empty = node.booleanOr("empty", plan.empty);
  plan.sameAgain = node.booleanOr("sameAgain", plan.sameAgain);
  plan.lowerCase = node.booleanOr("lowerCase", plan.lowerCase);
  if (const auto body = node.find("body")) plan.body = bodyOf(*body);
  if (node.json().contains("body")) plan.bodyless = node.json().at("body").is_null();
  if (const auto bdat = node.find("bdat")) {
    plan.bdat = bdat->json() != false;
    if (bdat->json().is_string())
      plan.chunks = bdat->choice<wire::Chunks>({{"empty-last", wire::Chunks::emptyLast},
                                                {"within-line-ends", wire::Chunks::withinLineEnds},
                                                {"within-lines", wire::Chunks::withinLines},
                                                {"lower-case", wire::Chunks::lowerCase},
                                                {"leading-zeros", wire::Chunks::leadingZeros},
                                                {"command-behind", wire::Chunks::commandBehind},
                                                {"quit-behind", wire::Chunks::quitBehind}});
    else
      plan.chunks = (bdat->boolean(), wire::Chunks::whole);
  }
  if (const auto data = node.find("data"))
    plan.data = data->choice<wire::Data>({{"unstuffed", wire::Data::unstuffed},
                                          {"end-by-octets", wire::Data::endByOctets},
                                          {"command-behind", wire::Data::commandBehind},
                                          {"quit-behind", wire::Data::quitBehind}});
  if (plan.data == wire::Data::unstuffed && ("\r\n" + plan.body).find("\r\n.\r\n") != std::string::npos)
    node.fail("the message ends at its own CRLF.CRLF", "leave out \"data\", or have a body without it");
  return plan;
}

struct Defaults {
  Json certificate;  // null: none
  std::string address{kStranger};
  TransactionPlan transaction;
  std::vector<std::string> sources, tags;
  std::string since, tls;
};

std::string readTls(const Node& node) {
  return node.choice<std::string>({{"none", "none"}, {"1.2", "1.2"}, {"1.3", "1.3"}});
}

Defaults readDefaults(const Node& root, const Catalogue& catalogue) {
  Defaults defaults;
  defaults.transaction.sender = kForeign;
  defaults.transaction.header = kForeign;
  defaults.transaction.recipients = {std::string(kExternal)};
  const auto node = root.find("defaults");
  if (!node) return defaults;
  node->allowOnly({"certificate", "address", "sender", "header", "recipients", "sources", "tags", "since", "tls"});
  if (const auto certificate = node->find("certificate")) {
    certificate->members();  // an object, or an error
    defaults.certificate = certificate->json();
  }
  if (const auto address = node->find("address")) defaults.address = addressIn(*address, catalogue);
  defaults.transaction = readTransaction(*node, std::move(defaults.transaction), catalogue);
  defaults.sources = node->stringsOr("sources", {});
  defaults.tags = node->stringsOr("tags", {});
  defaults.since = node->stringOr("since", {});
  if (const auto tls = node->find("tls")) defaults.tls = readTls(*tls);
  return defaults;
}

std::string fullId(const std::string& family, const std::string& id) {
  return id.find('.') == std::string::npos ? family + "." + id : id;
}

// RFC 7396, but for the two keys of which null is itself a value: a certificate without that extension.
Json patched(Json blueprint, const Json& patch) {
  blueprint.merge_patch(patch);
  for (const std::string_view key : {"extendedKeyUsage", "keyUsage"})
    if (const auto found = patch.find(key); found != patch.end() && found->is_null())
      blueprint[std::string(key)] = nullptr;
  return blueprint;
}

void readCertificate(const Node& node, const Defaults& defaults, Case& one) {
  const bool written = node.has("certificate");
  const Json certificate = written ? node.at("certificate").json() : defaults.certificate;
  if (one.tls == "none") {
    if (written && !certificate.is_null())
      node.at("certificate").fail("a plaintext session presents no certificate", "leave out certificate or tls");
    return;
  }
  if (certificate.is_null()) return;
  if (!written) {
    one.fixture = one.family + ".default";
    one.blueprint = certificate;
  } else if (certificate.is_string()) {
    one.blueprint = fullId(one.family, certificate.get<std::string>());
  } else if (certificate.is_object()) {
    one.fixture = one.id;
    one.blueprint = patched(defaults.certificate.is_null() ? Json::object() : defaults.certificate, certificate);
  } else {
    node.at("certificate").fail("must be an object, null, or the name of a case", {});
  }
}

void readPeriod(const Node& node, Case& one) {
  const auto period = node.find("period");
  if (!period) return;
  if (!one.fixture) period->fail("there is no certificate that it could be of", "write \"certificate\" beside it");
  period->allowOnly({"from", "until"});
  constexpr int kYear = 365 * 24 * 60 * 60;
  const auto seconds = [&](const char* key) { return static_cast<int>(period->at(key).integer(-kYear, kYear)); };
  one.period = Period{seconds("from"), seconds("until")};
  if (one.period->from > one.period->until) period->fail("ends before it begins", "write the earlier one as \"from\"");
  one.fixture = one.id;  // it is no other case's
}

// The certificate of another peer than the case's own: null, the family's default, or what differs from it.
std::pair<std::optional<std::string>, Json> readPeer(const Node& node, const char* suffix, const Defaults& defaults,
                                                     const Case& one) {
  const bool written = node.has("certificate");
  const Json certificate = written ? node.at("certificate").json() : defaults.certificate;
  if (certificate.is_null()) return {};
  if (!certificate.is_object())
    node.at("certificate").fail("must be an object or null", "write what differs from the family's certificate");
  return {written ? one.id + suffix : one.family + ".default",
          patched(defaults.certificate.is_null() ? Json::object() : defaults.certificate, certificate)};
}

void readEarlier(const Node& node, const Defaults& defaults, Case& one) {
  const auto earlier = node.find("earlier");
  if (!earlier) return;
  earlier->allowOnly({"by", "certificate", "lifetime"});
  Earlier read;
  read.by = earlier->at("by").choice<std::string>({{"ticket", "ticket"},
                                                   {"session-id", "session-id"},
                                                   {"renegotiation", "renegotiation"},
                                                   {"post-handshake", "post-handshake"},
                                                   {"session", "session"}});
  const std::string version = read.by == "post-handshake"                   ? "1.3"
                              : read.by == "ticket" || read.by == "session" ? one.tls
                                                                            : "1.2";
  if (one.tls != version)
    earlier->at("by").fail(fmt::format("is a matter of TLS {}", version),
                           fmt::format("write \"tls\": \"{}\" beside it", version));
  std::tie(read.fixture, read.blueprint) = readPeer(*earlier, ".earlier", defaults, one);
  if (const auto lifetime = earlier->find("lifetime")) {
    read.lifetime = static_cast<int>(lifetime->integer(1, 60));
    if (one.fixture) one.fixture = one.id;  // it is no other case's
  }
  one.earlier = std::move(read);
}

// A peer whose session the steps lead on beside the case's own.
void readBeside(const Node& node, const Defaults& defaults, const Catalogue& catalogue, Case& one) {
  const auto beside = node.find("beside");
  if (!beside) return;
  beside->allowOnly({"certificate", "address", "tls"});
  if (one.earlier || !node.has("steps"))
    beside->fail("is opened by no step", "write \"steps\" that begin with \"beside \", and nothing \"earlier\"");
  Beside read;
  const auto address = beside->find("address");
  read.address = address ? addressIn(*address, catalogue) : defaults.address;
  if (const auto tls = beside->find("tls")) read.tls = tls->choice<std::string>({{"none", "none"}});
  if (read.tls.empty()) std::tie(read.fixture, read.blueprint) = readPeer(*beside, ".beside", defaults, one);
  one.beside = std::move(read);
}

std::string readWhy(const Node& node) {
  const Node why = node.at("why");
  std::string text = why.string();
  if (text.find_first_not_of(' ') == std::string::npos)
    why.fail("is empty", "say in a sentence which mistake this case shows");
  if (!text.ends_with('.')) why.fail("ends without a period", "say in a sentence which mistake this case shows");
  return text;
}

void readSources(const Node& node, const Defaults& defaults, Case& one) {
  one.sources = node.stringsOr("sources", defaults.sources);
  if (one.sources.empty()) node.fail("the key \"sources\" is missing", "name the source that demands the verdict");
}

void readSteps(const Node& node, Case& one) {
  const auto steps = node.find("steps");
  if (!steps) return;
  for (const Node& step : steps->array()) one.steps.push_back(step.json());
  std::vector<bool> played(one.transactions.size());
  for (const auto& session : bySession(readSteps(one, "client.example", "token")))
    for (const wire::Step& step : session)
      if (const auto* mail = std::get_if<wire::step::Mail>(&step)) played[mail->transaction] = true;
  for (std::size_t i = 0; i < played.size(); ++i)
    if (!played[i] && !one.transactions[i].smuggled)
      steps->fail(fmt::format("transaction {} is never sent", i + 1),
                  fmt::format("add the step \"plain dialogue\" or \"mail:{}\"", i + 1));
}

void readTwins(const Node& node, const std::vector<std::string>& profiles, Case& one) {
  const auto twin = node.find("twin");
  if (!twin) return;
  if (twin->json().is_string()) {
    for (const std::string& profile : profiles) one.twin[profile] = fullId(one.family, twin->string());
    return;
  }
  for (const auto& [profile, id] : perProfile(*twin, profiles)) one.twin[profile] = fullId(one.family, id.string());
}

void readExpectations(const Node& node, const std::vector<std::string>& profiles, const AnswerContext& context,
                      Case& one) {
  const Node expect = node.at("expect");
  const auto spread = perProfile(expect, profiles);
  for (const std::string& profile : profiles) {
    const auto found = spread.find(profile);
    if (found == spread.end())
      expect.fail(fmt::format("the profile {} has no answer", profile), "name it, or add \"all\" for the rest");
    auto& answers = one.expect[profile] = readAnswers(found->second, one.transactions, context);
    if (one.control || one.twin.contains(profile)) continue;
    for (const auto& transaction : answers)
      for (const ExpectedAnswers& recipient : transaction)
        if (refuses(wire(recipient)))
          node.fail(fmt::format("a denial under {} has no twin", profile),
                    "add \"twin\": the case of the same session that must be accepted");
  }
}

void readCase(const std::string& name, const Node& node, const Family& family, const Defaults& defaults,
              Catalogue& catalogue) {
  node.allowOnly({"title",   "why",         "sources", "tags",       "since",          "certificate",
                  "address", "sender",      "header",  "recipients", "mailParameters", "recipientParameters",
                  "headers", "headersLast", "body",    "bdat",       "data",           "transactions",
                  "ehlo",    "tls",         "steps",   "expect",     "twin",           "earlier",
                  "proof",   "period",      "after",   "sni",        "listener",       "lowerCase",
                  "beside",  "empty"});
  Case one;
  one.family = family.name;
  one.id = family.name + "." + name;
  one.file = family.file;
  if (!isKebabCase(name)) node.fail("is no name of a case", "write lower-case words joined by hyphens");
  if (catalogue.find(one.id)) node.fail(fmt::format("the case {} stands twice", one.id), "give it another name");
  std::string spoken = name;
  std::replace(spoken.begin(), spoken.end(), '-', ' ');
  one.title = node.stringOr("title", spoken);
  one.why = readWhy(node);
  readSources(node, defaults, one);
  one.tags = defaults.tags;
  for (std::string& tag : node.stringsOr("tags", {}))
    if (!one.hasTag(tag)) one.tags.push_back(std::move(tag));
  one.control = one.hasTag("control");
  one.since = node.stringOr("since", defaults.since);
  const auto tls = node.find("tls");
  one.tls = tls ? readTls(*tls) : defaults.tls;
  readCertificate(node, defaults, one);
  readEarlier(node, defaults, one);
  readPeriod(node, one);
  readBeside(node, defaults, catalogue, one);
  if (const auto proof = node.find("proof"))
    one.proof = proof->choice<std::string>({{"other-transcript", "other-transcript"}, {"empty", "empty"}});
  if (const auto listener = node.find("listener")) one.otherListener = listener->choice<bool>({{"other", true}});
  if (const auto after = node.find("after")) one.afterReload = after->choice<bool>({{"reload", true}});
  const auto address = node.find("address");
  one.address = address ? addressIn(*address, catalogue) : defaults.address;
  one.ehlo = node.stringOr("ehlo", {});
  one.sni = node.stringOr("sni", {});

  const TransactionPlan same = readTransaction(node, defaults.transaction, catalogue);
  if (const auto transactions = node.find("transactions")) {
    for (const Node& transaction : transactions->array()) {
      transaction.allowOnly({"sender", "header", "recipients", "mailParameters", "recipientParameters", "headers",
                             "headersLast", "body", "empty", "sameAgain", "lowerCase", "bdat", "data", "smuggled",
                             "beside"});
      one.transactions.push_back(readTransaction(transaction, same, catalogue));
      one.transactions.back().smuggled = transaction.booleanOr("smuggled", false);
      one.transactions.back().beside = transaction.booleanOr("beside", false);
      if (one.transactions.back().beside && !one.beside)
        transaction.at("beside").fail("there is no such session", "write \"beside\" with its certificate in the case");
    }
    if (one.transactions.empty()) transactions->fail("holds no transaction", "leave it out for a single one");
  } else {
    one.transactions = {same};
  }

  // Steps and later references speak of the place as `file` and `line` hold it.
  const auto colon = node.place().rfind(':');
  one.line = std::stoi(node.place().substr(colon + 1));
  readSteps(node, one);

  std::vector<std::string> profiles;
  for (const verdict::Profile& profile : catalogue.profiles) profiles.push_back(profile.name);
  readTwins(node, profiles, one);
  readExpectations(node, profiles, AnswerContext{tenantIds(catalogue), family.tenants}, one);
  catalogue.cases.push_back(std::move(one));
}

void readTenants(const Node& root, Catalogue& catalogue, Family& family) {
  const auto tenants = root.find("tenants");
  if (!tenants) return;
  for (const Node& tenant : tenants->array()) {
    const std::string id = tenant.at("id").string();
    if (catalogue.tenant(id)) tenant.at("id").fail(fmt::format("the tenant {} stands twice", id), "give it another id");
    family.tenants.push_back(id);
    catalogue.tenancy["tenants"].push_back(tenant.json());
  }
}

void readAddresses(const Node& root, Catalogue& catalogue, Family& family) {
  const auto addresses = root.find("addresses");
  if (!addresses) return;
  for (const auto& [name, node] : addresses->members()) {
    const std::string text = node.string();
    if (!verdict::parseIpv4(text)) node.fail(fmt::format("\"{}\" is no IPv4 address", text), "write 127.0.N.N");
    if (!catalogue.addresses.emplace(name, text).second)
      node.fail(fmt::format("the address {} stands twice", name), "give it another name");
    family.addresses.push_back(name);
  }
}

void readTenantsThen(const Node& root, const Family& family, Catalogue& catalogue) {
  const auto tenants = root.find("tenantsThen");
  if (!tenants) return;
  for (const Node& tenant : tenants->array()) {
    const std::string id = tenant.at("id").string();
    if (std::find(family.tenants.begin(), family.tenants.end(), id) == family.tenants.end())
      tenant.at("id").fail(fmt::format("there is no tenant {} in this family", id), "a reload changes those that are");
    catalogue.tenantsThen.push_back(tenant.json());
  }
}

void readLists(const Node& root, Catalogue& catalogue) {
  const auto lists = root.find("lists");
  if (!lists) return;
  for (const auto& [name, node] : lists->members()) {
    node.allowOnly({"by", "list", "octets", "served"});
    ListPlan plan;
    plan.place = root.place();
    plan.by = node.stringOr("by", {});
    plan.list = node.has("list") ? node.at("list").json() : Json::object();
    if (const auto text = node.find("octets")) plan.octets = octets(*text);
    plan.served = "whole";
    if (const auto served = node.find("served"))
      plan.served = served->choice<std::string>({{"cut", "cut"}, {"endlessly", "endlessly"}, {"never", "never"}});
    if (int{!plan.by.empty()} + int{node.has("octets")} + int{plan.served == "never"} != 1)
      node.fail("has no content, or two",
                "name the authority of a list with \"by\", or write \"octets\" of another kind");
    if (!catalogue.lists.emplace(name, std::move(plan)).second)
      node.fail(fmt::format("the list {} stands twice", name), "give it another name");
  }
}

// The tenancy's own reader tells what is wrong with these tenants, in this file.
void checkTenants(const Node& root, const char* key, const Catalogue& catalogue) {
  const auto tenants = root.find(key);
  if (!tenants) return;
  for (const Node& tenant : tenants->array()) {
    const auto connectors = tenant.find("inboundConnectors");
    if (!connectors) continue;
    for (const Node& connector : connectors->array()) {
      const auto ranges = connector.find("senderIPAddresses");
      if (!ranges) continue;
      for (const Node& range : ranges->array()) {
        const std::string text = range.string();
        const auto end = text.find('}');
        if (!text.starts_with('{') || end == std::string::npos) continue;
        const Json name = text.substr(1, end - 1);
        addressIn(Node(name, range.place(), range.key()), catalogue);
      }
    }
  }
  const Json filledIn = withAddresses(Json{{"tenants", tenants->json()}}, catalogue.addresses);
  verdict::readTenancy(Node(filledIn, root.place(), {}));
}

}  // namespace

void readFamily(const Node& root, Catalogue& catalogue) {
  root.allowOnly({"$schema", "family", "title", "tenants", "tenantsThen", "addresses", "lists", "defaults", "cases"});
  Family family;
  family.file = root.place();
  family.name = root.at("family").string();
  const std::string stem = std::filesystem::path(family.file).stem().string();
  if (family.name != stem)
    root.at("family").fail(fmt::format("\"{}\" is not the file's name", family.name),
                           fmt::format("write \"{}\" or rename the file", stem));
  if (!isFamilyName(family.name))
    root.at("family").fail("is no name of a family", "write lower-case words joined by hyphens and dots");
  if (catalogue.family(family.name))
    root.at("family").fail(fmt::format("the family {} stands twice", family.name), "give it another name");
  family.title = root.at("title").string();
  readTenants(root, catalogue, family);
  readAddresses(root, catalogue, family);
  readLists(root, catalogue);
  readTenantsThen(root, family, catalogue);
  for (const char* key : {"tenants", "tenantsThen"}) checkTenants(root, key, catalogue);
  catalogue.families.push_back(std::move(family));
}

void readCases(const Node& root, std::string_view text, Catalogue& catalogue) {
  const Family family = *catalogue.family(root.at("family").string());
  const Defaults defaults = readDefaults(root, catalogue);
  const auto lines = linesOfCases(text);
  for (const auto& [name, node] : root.at("cases").members()) {
    const auto line = lines.find(name);  // a key that is written with an escape is not found
    const std::string place = fmt::format("{}:{}", root.place(), line == lines.end() ? 1 : line->second);
    readCase(name, Node(node.json(), place, node.key()), family, defaults, catalogue);
  }
}

Json withAddresses(Json tenancy, const std::map<std::string, std::string>& addresses) {
  for (Json& tenant : tenancy.at("tenants")) {
    if (!tenant.contains("inboundConnectors")) continue;
    for (Json& connector : tenant.at("inboundConnectors")) {
      if (!connector.contains("senderIPAddresses")) continue;
      for (Json& range : connector.at("senderIPAddresses")) {
        const std::string text = range.get<std::string>();
        const auto end = text.find('}');
        if (!text.starts_with('{') || end == std::string::npos) continue;
        const std::string bits = end + 1 < text.size() ? text.substr(end + 1) : "/32";
        range = addresses.at(text.substr(1, end - 1)) + bits;
      }
    }
  }
  return tenancy;
}

std::map<std::string, int> linesOfCases(std::string_view text) {
  std::map<std::string, int> lines;
  int depth = 0, line = 1;
  bool underCases = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '\n':
        ++line;
        break;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        --depth;
        break;
      case '"': {
        const std::size_t begin = i + 1;
        for (++i; text[i] != '"'; ++i)
          if (text[i] == '\\') ++i;
        const auto next = text.find_first_not_of(" \t\r\n", i + 1);
        if (next == std::string_view::npos || text[next] != ':') break;
        const std::string key(text.substr(begin, i - begin));
        if (depth == 1) underCases = key == "cases";
        if (depth == 2 && underCases) lines.emplace(key, line);
        break;
      }
      default:
        break;
    }
  }
  return lines;
}

}  // namespace relayproof::catalogue
