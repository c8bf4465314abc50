#include "certs/mint.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "certs/blueprint.h"
#include "certs/certificate.h"
#include "certs/crl.h"
#include "certs/digest.h"
#include "certs/own_root.h"
#include "certs/verify.h"

namespace relayproof::certs {
namespace {

constexpr std::size_t kSerialOctets = 16;
constexpr std::int64_t kMostBetween = 1000;

struct Authority {
  Blueprint blueprint;
  std::shared_ptr<const PrivateKey> key;  // of several, where one has another's
  std::string keyIdentifier;
  std::string certificate;
  std::vector<std::string> path;  // its certificate and those above it, the self-signed one left out
};

std::string serialOf(const Blueprint& blueprint, std::uint64_t seed, const std::string& label) {
  if (blueprint.serial) return *blueprint.serial;
  std::string serial = DerivedOctets(seed, "serial/" + label).take(kSerialOctets);
  serial.front() = static_cast<char>((static_cast<unsigned char>(serial.front()) & 0x7FU) | 0x40U);
  return serial;
}

// What a key is derived from: the label of its certificate, unless it is shared.
std::string keyLabelOf(const Blueprint& blueprint, const std::string& label) {
  return blueprint.sharedKey ? "shared key/" + *blueprint.sharedKey : label;
}

// The certificate of `label` under `issuer`, or under itself when that is null.
std::string certify(const Node& node, const Blueprint& blueprint, const PrivateKey& key, const Authority* issuer,
                    std::uint64_t seed, const std::string& label) {
  const PrivateKey& rightful = issuer != nullptr ? *issuer->key : key;
  if (!canSign(rightful.type(), blueprint.scheme))
    node.at("scheme").fail("is nothing that the issuer's key can do", "pss needs an RSA key, sha1 one of RSA or P-256");
  std::optional<PrivateKey> foreign;
  if (blueprint.signature == SignatureForm::foreign || blueprint.signature == SignatureForm::unknown)
    foreign.emplace(rightful.type(), seed, "foreign signer/" + label);
  const Issuer as{issuer != nullptr ? issuer->blueprint.subject : blueprint.subject, foreign ? &*foreign : &rightful,
                  issuer != nullptr ? std::string_view(issuer->keyIdentifier) : std::string_view()};
  return makeCertificate(blueprint, key, as, serialOf(blueprint, seed, label));
}

// What a peer has to send of a CA that is no root, and of those above it as far as they are no root.
std::vector<std::string> sentAbove(const OwnRoot& own) {
  std::vector<std::string> sent;
  if (isSelfIssued(own.certificate)) return sent;
  sent.push_back(own.certificate);
  for (const std::string& each : own.above)
    if (!isSelfIssued(each)) sent.push_back(each);
  return sent;
}

// Authorities below a root of the user's own are as secret as that root's key: from a seed alone everybody has theirs.
std::uint64_t secretSource(std::uint64_t seed, const OwnRoot& root) {
  const std::string octets = digest(Hash::sha256, {"relayproof authorities", std::to_string(seed), root.key});
  std::uint64_t source = 0;
  for (std::size_t i = 0; i < sizeof source; ++i) source = source << 8 | static_cast<unsigned char>(octets[i]);
  return source;
}

}  // namespace

struct Mint::State {
  std::uint64_t seed = 0;
  std::uint64_t source = 0;  // what keys and serial numbers are derived from
  Usual unsaid;
  std::int64_t judgedAt = 1'767'225'600;  // 2026-01-01T00:00:00Z
  std::string own;                        // the authority that a root of the user's own stands for
  std::string ownAnchor;                  // what a relay trusts then, by name
  std::map<std::string, Authority, std::less<>> authorities;
  std::map<std::string, std::string> certificates;
  std::string usual;
  std::vector<std::string> trusted;

  [[noreturn]] void failUnknown(const Node& where, const std::string& name,
                                const std::vector<std::string_view>& known) const {
    const auto near = nearest(name, known);
    where.fail(fmt::format("there is no authority \"{}\"", name),
               near ? fmt::format("did you mean \"{}\"?", *near) : fmt::format("there are {}", fmt::join(known, ", ")));
  }

  const Authority& authority(const Node& where, const std::string& name) const {
    if (const auto found = authorities.find(name); found != authorities.end()) return found->second;
    std::vector<std::string_view> known;
    for (const auto& [each, value] : authorities) known.push_back(each);
    failUnknown(where, name, known);
  }

  // Certifies `blueprint` as an authority under `issuer`, or under itself when that is null.
  Authority make(const Node& node, Blueprint blueprint, const Authority* issuer, const std::string& label) const {
    const auto like = [&](const char* how, const std::optional<std::string>& name) {
      return name ? &authority(node.at(how), *name) : nullptr;
    };
    const Authority* const same = like("sameAs", blueprint.sameAs);
    const Authority* const named = same != nullptr ? same : like("nameOf", blueprint.nameOf);
    const Authority* const keyed = same != nullptr ? same : like("keyFrom", blueprint.keyFrom);
    if (named != nullptr) blueprint.subject = named->blueprint.subject;
    auto key = keyed != nullptr
                   ? keyed->key
                   : std::make_shared<const PrivateKey>(blueprint.key, source, keyLabelOf(blueprint, label));
    std::string certificate = certify(node, blueprint, *key, issuer, source, label);
    std::vector<std::string> path;
    if (issuer != nullptr) {
      path.push_back(certificate);
      path.insert(path.end(), issuer->path.begin(), issuer->path.end());
    }
    std::string identifier = key->identifier();
    return {std::move(blueprint), std::move(key), std::move(identifier), std::move(certificate), std::move(path)};
  }

  // The authorities of a fixture between its issuer and its leaf, the topmost first.
  std::vector<Authority> between(const std::string& id, const Node& list, const Authority* issuer) const {
    std::vector<Json> blueprints;
    for (const Node& each : list.array()) {
      if (each.json().is_object() && each.has("issuer"))
        each.at("issuer").fail("has no place", "the issuer of an authority in `through` is the one before it");
      if (each.json().is_object())
        blueprints.push_back(each.json());
      else
        blueprints.insert(blueprints.end(), static_cast<std::size_t>(each.integer(1, kMostBetween)), Json::object());
    }
    std::vector<Authority> made;
    made.reserve(blueprints.size());
    for (Json& blueprint : blueprints) {
      const std::size_t number = made.size() + 1;
      if (!blueprint.contains("cn") && !blueprint.contains("subject") && !blueprint.contains("sameAs") &&
          !blueprint.contains("nameOf"))
        blueprint["cn"] = fmt::format("CA {} of {}", number, id);
      const Node node(blueprint, list.place(), fmt::format("{}[{}]", list.key(), number - 1));
      made.push_back(make(node, readBlueprint(node, Role::authority, unsaid), number == 1 ? issuer : &made.back(),
                          fmt::format("fixture/{}/CA {}", id, number)));
    }
    return made;
  }

  // Makes the named authority and first those above it; `open` holds the ones that wait for theirs.
  const Authority& establish(const Node& all, const std::string& name, std::set<std::string>& open) {
    if (const auto found = authorities.find(name); found != authorities.end()) return found->second;
    const Node node = all.at(name);
    Blueprint blueprint = readBlueprint(node, Role::authority, unsaid);
    if (!blueprint.issuer) node.fail("the key \"issuer\" is missing", "name an authority, or write \"self\"");
    const bool selfSigned = *blueprint.issuer == "self";
    if (!selfSigned && !all.has(*blueprint.issuer) && !authorities.contains(*blueprint.issuer)) {
      std::vector<std::string_view> known;
      for (const auto& [each, value] : authorities) known.push_back(each);
      for (const auto& [each, value] : all.json().items()) known.push_back(each);
      failUnknown(node.at("issuer"), *blueprint.issuer, known);
    }
    if (!open.insert(name).second)
      node.at("issuer").fail("leads back to itself", "an authority's issuers end at one whose issuer is \"self\"");
    const Authority* issuer = selfSigned ? nullptr : &establish(all, *blueprint.issuer, open);

    for (const auto& like : {blueprint.sameAs, blueprint.nameOf, blueprint.keyFrom})
      if (like && all.has(*like)) establish(all, *like, open);
    const Authority& made =
        authorities.emplace(name, make(node, std::move(blueprint), issuer, "authority/" + name)).first->second;
    certificates.emplace(name, made.certificate);
    return made;
  }
};

Mint::Mint(const Node& root, const MintOptions& options) : state_(std::make_unique<State>()) {
  root.allowOnly({"authorities", "default", "trusted"});
  state_->seed = options.seed;
  state_->source = options.root == nullptr ? options.seed : secretSource(options.seed, *options.root);
  state_->unsaid = options.unsaid;
  if (options.root != nullptr) {
    const OwnRoot& own = *options.root;
    state_->own = root.at("trusted").strings().at(0);
    state_->judgedAt = std::max(state_->judgedAt, own.notBefore);
    Authority authority{
        {}, std::make_shared<const PrivateKey>(PrivateKey::fromDer(own.key)), own.keyIdentifier, own.certificate, {}};
    authority.blueprint.subject = own.subject;
    authority.path = sentAbove(own);
    state_->authorities.emplace(state_->own, std::move(authority));
    state_->certificates.emplace(state_->own, own.certificate);
    state_->ownAnchor = state_->own;
    for (std::size_t i = 0; i < own.above.size(); ++i) {
      state_->ownAnchor = fmt::format("{}-issuer-{}", state_->own, i + 1);
      state_->certificates.emplace(state_->ownAnchor, own.above[i]);
    }
  }
  add(root.at("authorities"));
  state_->usual = root.at("default").string();
  state_->authority(root.at("default"), state_->usual);
  for (const Node& each : root.at("trusted").array()) {
    state_->trusted.push_back(each.string());
    state_->authority(each, state_->trusted.back());
  }
}

void Mint::add(const Node& authorities) {
  std::set<std::string> open;
  const auto before = state_->certificates;
  for (const auto& [name, node] : authorities.members()) {
    if (name == "self" || name == "leaf")
      node.fail("this name has a meaning of its own", "name the authority otherwise");
    if (before.contains(name) && name != state_->own)
      node.fail("there is an authority of this name already", "name it otherwise");
    state_->establish(authorities, name, open);
  }
}

Mint::~Mint() = default;
Mint::Mint(Mint&&) noexcept = default;
Mint& Mint::operator=(Mint&&) noexcept = default;

Fixture Mint::issue(const std::string& id, const Node& node) const {
  const Blueprint blueprint = readBlueprint(node, Role::leaf, state_->unsaid);
  const std::string label = "fixture/" + id;
  const bool selfSigned = blueprint.issuer == "self";
  const Authority* issuer = nullptr;
  if (!selfSigned)
    issuer = blueprint.issuer ? &state_->authority(node.at("issuer"), *blueprint.issuer)
                              : &state_->authorities.find(state_->usual)->second;

  std::vector<Authority> between;
  if (const auto through = node.find("through")) between = state_->between(id, *through, issuer);
  if (!between.empty()) issuer = &between.back();

  const PrivateKey key(blueprint.key, state_->source, blueprint.foreignKey ? label : keyLabelOf(blueprint, label));
  Fixture fixture;
  fixture.id = id;
  fixture.leaf = certify(node, blueprint, key, issuer, state_->source, label);
  fixture.ownKey = !blueprint.foreignKey;
  fixture.key =
      blueprint.foreignKey
          ? PrivateKey(blueprint.key, state_->source, keyLabelOf(blueprint, "foreign key/" + id)).pkcs8Claiming(key)
          : key.pkcs8();
  if (!blueprint.chain) {
    fixture.chain.push_back(fixture.leaf);
    if (issuer != nullptr) fixture.chain.insert(fixture.chain.end(), issuer->path.begin(), issuer->path.end());
    return fixture;
  }
  for (const Node& each : node.at("chain").array()) {
    if (each.json().is_object()) {
      each.allowOnly({"certificate"});
      fixture.chain.push_back(issue(id + "/" + std::to_string(fixture.chain.size()), each.at("certificate")).leaf);
      continue;
    }
    if (each.json().is_number()) {
      const std::int64_t number = each.integer(1, static_cast<std::int64_t>(between.size()));
      fixture.chain.push_back(between[static_cast<std::size_t>(number - 1)].certificate);
      continue;
    }
    const std::string name = each.string();
    fixture.chain.push_back(name == "leaf" ? fixture.leaf : state_->authority(each, name).certificate);
  }
  // What a peer needs above the authorities that are named; a chain of the leaf alone is meant to lack them.
  if (const auto own = state_->authorities.find(state_->own);
      own != state_->authorities.end() && fixture.chain != std::vector<std::string>(1, fixture.leaf))
    fixture.chain.insert(fixture.chain.end(), own->second.path.begin(), own->second.path.end());
  fixture.ownKey = fixture.ownKey && fixture.chain.front() == fixture.leaf;
  return fixture;
}

std::string Mint::crl(const std::string& name, const Node& node) const {
  const Authority& issuer = state_->authority(node, name);
  return makeCrl(readCrlBlueprint(node), {issuer.blueprint.subject, issuer.key.get(), issuer.keyIdentifier});
}

bool Mint::isAboutMissingRoot(const Json& blueprint) const {
  const auto own = state_->authorities.find(state_->own);
  if (own == state_->authorities.end() || own->second.path.empty()) return false;
  const Json chain = blueprint.value("chain", Json::array());
  if (std::find(chain.begin(), chain.end(), Json(state_->own)) != chain.end()) return true;
  const std::string issuer = blueprint.value("issuer", state_->usual);
  if (issuer == state_->own) return !blueprint.contains("through");
  const auto authority = state_->authorities.find(issuer);
  return authority != state_->authorities.end() && authority->second.blueprint.nameOf == state_->own;
}

std::uint64_t Mint::seed() const { return state_->seed; }

const std::string& Mint::crlAddress() const { return state_->unsaid.crlAddress; }

std::int64_t Mint::judgedAt() const { return state_->judgedAt; }

std::vector<std::string> Mint::trustAnchors() const {
  std::vector<std::string> anchors;
  for (const std::string& name : state_->trusted)
    anchors.push_back(state_->certificates.at(name == state_->own ? state_->ownAnchor : name));
  return anchors;
}

const std::map<std::string, std::string>& Mint::authorities() const { return state_->certificates; }

std::optional<std::string> Mint::authorityKey(const std::string& name) const {
  static_cast<void>(state_->certificates.at(name));
  const auto authority = state_->authorities.find(name);
  if (name == state_->own || authority == state_->authorities.end()) return std::nullopt;
  return authority->second.key->pkcs8();
}

const PrivateKey& Mint::signer(const std::string& name) const { return *state_->authorities.at(name).key; }

}  // namespace relayproof::certs
