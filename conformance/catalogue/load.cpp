#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "conformance/catalogue/catalogue.h"
#include "conformance/catalogue/family.h"

namespace relayproof::catalogue {
namespace {

namespace fs = std::filesystem;

// SHA-256 over names and contents, each preceded by its length so that no two sets of files read alike.
class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }

  void add(const fs::path& file, std::string_view content) {
    const std::string name = file.filename().string();
    const std::string head = fmt::format("{} {} {}\n", name.size(), name, content.size());
    EVP_DigestUpdate(context_.get(), head.data(), head.size());
    EVP_DigestUpdate(context_.get(), content.data(), content.size());
  }

  std::string text() {
    unsigned char octets[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    EVP_DigestFinal_ex(context_.get(), octets, &size);
    std::string text = "sha256:";
    for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", octets[i]);
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

std::vector<fs::path> jsonFiles(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) throw Error{folder.string(), {}, "cannot be read: " + error.message(), "name a folder of case files"};
  std::vector<fs::path> files;
  for (const auto& entry : entries)
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  if (files.empty()) throw Error{folder.string(), {}, "holds no .json file", "name a folder of case files"};
  return files;
}

struct Document {
  std::string path, text;
  Json json;
  Node root() const { return Node(json, path, {}); }
};

Document readJson(const fs::path& path, Digest& digest) {
  auto text = readFile(path.string());
  if (!text) throw text.error();
  digest.add(path, *text);
  auto json = parseJson(*text, path.string());
  if (!json) throw json.error();
  return {path.string(), std::move(*text), std::move(*json)};
}

Source readSource(const std::string& id, const Node& node) {
  node.allowOnly({"document", "section", "url", "kind", "level", "rules", "says", "status", "because"});
  Source source;
  source.id = id;
  source.document = node.at("document").string();
  source.section = node.stringOr("section", {});
  source.url = node.stringOr("url", {});
  source.kind = node.at("kind").choice<std::string>({{"documented", "documented"},
                                                     {"staff", "staff"},
                                                     {"standard", "standard"},
                                                     {"reading", "reading"},
                                                     {"record", "record"}});
  const auto level = node.find("level");
  source.should = level && level->choice<bool>({{"must", false}, {"should", true}});
  source.rules = node.stringsOr("rules", {});
  source.says = node.at("says").string();
  if (const auto status = node.find("status"))
    source.status = status->choice<std::string>(
        {{"implicit", "implicit"}, {"untestable", "untestable"}, {"out-of-scope", "out-of-scope"}});
  source.because = node.stringOr("because", {});
  if (source.status.empty() != source.because.empty())
    node.fail("has one of \"status\" and \"because\" alone", "a sentence that no case tests says both");
  return source;
}

void readSources(const Node& root, Catalogue& catalogue) {
  root.allowOnly({"$schema", "schema", "sources"});
  root.at("schema").choice<int>({{"relayproof.sources/1", 1}});
  for (const auto& [id, node] : root.at("sources").members()) catalogue.sources.emplace(id, readSource(id, node));
}

// Follows a certificate named after another case, through cases that name a third.
void resolveCertificate(Case& one, const Catalogue& catalogue) {
  std::size_t hops = 0;
  while (one.blueprint.is_string()) {
    const std::string id = one.blueprint.get<std::string>();
    const auto fail = [&](const std::string& problem) {
      throw Error{one.place(), one.key() + ".certificate", problem, "name a case that presents a certificate"};
    };
    const Case* other = catalogue.find(id);
    if (!other) fail(fmt::format("there is no case {}", id));
    if (other->blueprint.is_null()) fail(fmt::format("the case {} presents no certificate", id));
    if (++hops > catalogue.cases.size()) fail(fmt::format("the case {} leads back to this one", id));
    one.fixture = other->fixture;
    one.blueprint = other->blueprint;
  }
}

void checkTwins(const Case& one, const Catalogue& catalogue) {
  for (const auto& [profile, id] : one.twin) {
    if (!catalogue.find(id))
      throw Error{one.place(), one.key() + ".twin", fmt::format("there is no case {}", id),
                  "name a case of the same family, or one by its full id"};
    if (id == one.id) throw Error{one.place(), one.key() + ".twin", "is the case itself", "name another case"};
  }
}

Catalogue read(const fs::path& corpus, const std::vector<std::string>& more) {
  Catalogue catalogue;
  Digest digest;
  auto profiles = verdict::loadShippedProfiles((corpus / "profiles").string());
  if (!profiles) throw profiles.error();
  catalogue.profiles = std::move(*profiles);
  for (const fs::path& file : jsonFiles(corpus / "profiles")) readJson(file, digest);
  readSources(readJson(corpus / "sources.json", digest).root(), catalogue);

  catalogue.tenancy = Json{{"tenants", Json::array()}};
  catalogue.tenantsThen = Json::array();
  catalogue.addresses.emplace(kStranger, "127.0.0.1");
  std::vector<std::string> folders = {(corpus / "cases").string()};
  folders.insert(folders.end(), more.begin(), more.end());
  std::vector<Document> documents;
  for (const std::string& folder : folders) {
    for (const fs::path& file : jsonFiles(folder)) {
      documents.push_back(readJson(file, digest));
      readFamily(documents.back().root(), catalogue);
    }
    // After each folder, so that a clash is laid to the one that brought it.
    const Json tenancy = withAddresses(catalogue.tenancy, catalogue.addresses);
    verdict::readTenancy(Node(tenancy, folder, {}));
  }
  for (const Document& document : documents) readCases(document.root(), document.text, catalogue);
  for (Case& one : catalogue.cases) {
    resolveCertificate(one, catalogue);
    checkTwins(one, catalogue);
  }
  catalogue.digest = digest.text();
  return catalogue;
}

}  // namespace

const Case* Catalogue::find(std::string_view id) const {
  const auto found = std::find_if(cases.begin(), cases.end(), [&](const Case& one) { return one.id == id; });
  return found == cases.end() ? nullptr : &*found;
}

const Family* Catalogue::family(std::string_view name) const {
  const auto found = std::find_if(families.begin(), families.end(), [&](const Family& f) { return f.name == name; });
  return found == families.end() ? nullptr : &*found;
}

const Json* Catalogue::tenant(std::string_view id) const {
  for (const Json& one : tenancy.at("tenants"))
    if (one.at("id") == id) return &one;
  return nullptr;
}

std::vector<const Case*> casesOf(const Catalogue& catalogue, const std::string& source) {
  std::vector<const Case*> cases;
  for (const Case& one : catalogue.cases)
    if (std::find(one.sources.begin(), one.sources.end(), source) != one.sources.end()) cases.push_back(&one);
  return cases;
}

const Case* Catalogue::twinOf(const Case& one, std::string_view profile) const {
  auto found = one.twin.find(std::string(profile));
  if (found == one.twin.end() && !profiles.empty() &&
      std::none_of(profiles.begin(), profiles.end(), [&](const auto& known) { return known.name == profile; })) {
    found = one.twin.find(profiles.front().name);
    if (found == one.twin.end()) found = one.twin.begin();
  }
  return found == one.twin.end() ? nullptr : find(found->second);
}

Expected<Catalogue> load(const std::string& corpus, const std::vector<std::string>& more) {
  try {
    return read(corpus, more);
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace relayproof::catalogue
