#include "certs/mint.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <utility>

#include "certs/blueprint.h"
#include "certs/certificate.h"

namespace relayproof::certs {
namespace {

constexpr std::size_t kSerialOctets = 16;

struct Authority {
  Blueprint blueprint;
  PrivateKey key;
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

// The certificate of `label` under `issuer`, or under itself when that is null.
std::string certify(const Blueprint& blueprint, const PrivateKey& key, const Authority* issuer, std::uint64_t seed,
                    const std::string& label) {
  const PrivateKey& rightful = issuer != nullptr ? issuer->key : key;
  std::optional<PrivateKey> foreign;
  if (blueprint.signature == SignatureForm::foreign) foreign.emplace(rightful.type(), seed, "foreign signer/" + label);
  const Issuer as{issuer != nullptr ? issuer->blueprint.subject : blueprint.subject, foreign ? &*foreign : &rightful,
                  issuer != nullptr ? std::string_view(issuer->keyIdentifier) : std::string_view()};
  return makeCertificate(blueprint, key, as, serialOf(blueprint, seed, label));
}

}  // namespace

struct Mint::State {
  std::uint64_t seed = 0;
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

  // Makes the named authority and first those above it; `open` holds the ones that wait for theirs.
  const Authority& establish(const Node& all, const std::string& name, std::set<std::string>& open) {
    if (const auto found = authorities.find(name); found != authorities.end()) return found->second;
    const Node node = all.at(name);
    Blueprint blueprint = readBlueprint(node, Role::authority);
    if (!blueprint.issuer) node.fail("the key \"issuer\" is missing", "name an authority, or write \"self\"");
    const bool selfSigned = *blueprint.issuer == "self";
    if (!selfSigned && !all.has(*blueprint.issuer)) {
      std::vector<std::string_view> known;
      for (const auto& [each, value] : all.json().items()) known.push_back(each);
      failUnknown(node.at("issuer"), *blueprint.issuer, known);
    }
    if (!open.insert(name).second)
      node.at("issuer").fail("leads back to itself", "an authority's issuers end at one whose issuer is \"self\"");
    const Authority* issuer = selfSigned ? nullptr : &establish(all, *blueprint.issuer, open);

    const std::string label = "authority/" + name;
    PrivateKey key(blueprint.key, seed, label);
    std::string certificate = certify(blueprint, key, issuer, seed, label);
    std::vector<std::string> path;
    if (issuer != nullptr) {
      path.push_back(certificate);
      path.insert(path.end(), issuer->path.begin(), issuer->path.end());
    }
    certificates.emplace(name, certificate);
    std::string identifier = key.identifier();
    return authorities
        .emplace(name, Authority{std::move(blueprint), std::move(key), std::move(identifier), std::move(certificate),
                                 std::move(path)})
        .first->second;
  }
};

Mint::Mint(const Node& root, std::uint64_t seed) : state_(std::make_unique<State>()) {
  root.allowOnly({"authorities", "default", "trusted"});
  state_->seed = seed;
  const Node all = root.at("authorities");
  std::set<std::string> open;
  for (const auto& [name, node] : all.members()) {
    if (name == "self" || name == "leaf")
      node.fail("this name has a meaning of its own", "name the authority otherwise");
    state_->establish(all, name, open);
  }
  state_->usual = root.at("default").string();
  state_->authority(root.at("default"), state_->usual);
  for (const Node& each : root.at("trusted").array()) {
    state_->trusted.push_back(each.string());
    state_->authority(each, state_->trusted.back());
  }
}

Mint::~Mint() = default;
Mint::Mint(Mint&&) noexcept = default;
Mint& Mint::operator=(Mint&&) noexcept = default;

Fixture Mint::issue(const std::string& id, const Node& node) const {
  const Blueprint blueprint = readBlueprint(node, Role::leaf);
  const std::string label = "fixture/" + id;
  const bool selfSigned = blueprint.issuer == "self";
  const Authority* issuer = nullptr;
  if (!selfSigned)
    issuer = blueprint.issuer ? &state_->authority(node.at("issuer"), *blueprint.issuer)
                              : &state_->authorities.find(state_->usual)->second;

  const PrivateKey key(blueprint.key, state_->seed, label);
  Fixture fixture;
  fixture.id = id;
  fixture.leaf = certify(blueprint, key, issuer, state_->seed, label);
  fixture.ownKey = !blueprint.foreignKey;
  fixture.key = blueprint.foreignKey ? PrivateKey(blueprint.key, state_->seed, "foreign key/" + id).pkcs8Claiming(key)
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
    const std::string name = each.string();
    fixture.chain.push_back(name == "leaf" ? fixture.leaf : state_->authority(each, name).certificate);
  }
  return fixture;
}

std::uint64_t Mint::seed() const { return state_->seed; }

std::vector<std::string> Mint::trustAnchors() const {
  std::vector<std::string> anchors;
  for (const std::string& name : state_->trusted) anchors.push_back(state_->certificates.at(name));
  return anchors;
}

const std::map<std::string, std::string>& Mint::authorities() const { return state_->certificates; }

std::string Mint::authorityKey(const std::string& name) const { return state_->authorities.at(name).key.pkcs8(); }

const PrivateKey& Mint::signer(const std::string& name) const { return state_->authorities.at(name).key; }

}  // namespace relayproof::certs
