#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "certs/blueprint.h"
#include "certs/identifiers.h"
#include "certs/lint.h"
#include "certs/mint.h"
#include "conformance/catalogue/certificate_facts.h"
#include "conformance/catalogue/compute.h"
#include "conformance/verdict/presented_name.h"
#include "runners/relayproof/certs_actions.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

constexpr std::size_t kMostPatterns = 100;  // of a certificate with thousands of names the first must do

using verdict::DomainName;

// How the profiles together read one identifier.
struct ReadIdentifier {
  const certs::PresentedIdentifier* presented;
  std::vector<verdict::PresentedName> names;  ///< several where options make several of it
  bool malformed = false, freeText = false;   ///< under some profile
  std::string_view fault;
};

ReadIdentifier readUnderAll(const certs::PresentedIdentifier& presented, const verdict::Profile& widest) {
  ReadIdentifier read{&presented, {}, false, false, {}};
  verdict::Choices choices(widest);
  do {
    const verdict::Reading reading = verdict::readPresented(presented, choices);
    read.malformed |= reading.kind == verdict::Reading::Kind::malformed;
    read.freeText |= reading.kind == verdict::Reading::Kind::freeText;
    if (!reading.name)
      read.fault = reading.fault;
    else if (std::find(read.names.begin(), read.names.end(), *reading.name) == read.names.end())
      read.names.push_back(*reading.name);
  } while (choices.next());
  return read;
}

void addNew(std::vector<std::string>& words, std::string word) {
  if (words.size() < kMostPatterns && std::find(words.begin(), words.end(), word) == words.end())
    words.push_back(std::move(word));
}

// Every pattern of a connector that one of the names could match, the nearest first.
std::vector<std::string> patternsNear(const std::vector<ReadIdentifier>& identifiers) {
  std::vector<std::string> patterns;
  for (const ReadIdentifier& read : identifiers)
    for (const verdict::PresentedName& name : read.names) {
      if (name.wildcard)
        addNew(patterns, "host." + name.name.text());
      else if (name.name.labelCount() > 1)
        addNew(patterns, name.name.text());
      for (auto above = std::optional(name.name); above && above->labelCount() > 1; above = above->parent())
        addNew(patterns, "*." + above->text());
    }
  return patterns;
}

std::string words(const ReadIdentifier& read) {
  if (read.names.empty()) return std::string(read.freeText ? "" : "malformed: it ") + std::string(read.fault);
  if (read.malformed) return fmt::format("malformed under some options: it {}", read.fault);
  return {};
}

class Lint {
 public:
  Lint(std::vector<verdict::Profile> profiles, std::int64_t at, bool asJson)
      : profiles_(std::move(profiles)),
        widest_(catalogue::widest(profiles_, profiles_.front())),
        at_(at),
        asJson_(asJson) {}

  // One file, its certificates taken for a chain with the leaf first.
  void check(const std::string& file) {
    const auto chain = orThrow(certs::certificatesFromPem(orThrow(readFile(file)), file));
    const auto names = certs::subjectIdentifiers(chain.front());
    auto findings = certs::lintChain(chain, at_);
    if (!names || !findings) throw Error(file, "", (names ? findings.error() : names.error()).problem, "");
    std::vector<ReadIdentifier> identifiers;
    for (const auto* kind : {&names->commonNames, &names->dnsIds})
      for (const certs::PresentedIdentifier& one : *kind) identifiers.push_back(readUnderAll(one, widest_));
    for (const ReadIdentifier& read : identifiers)
      if (read.names.empty() && !read.freeText)
        findings->push_back(
            {certs::Finding::Level::fault, "malformed-identifier", fmt::format("its {} {}", kindOf(read), read.fault)});

    // What the names would match, were the chain in order; whether it is, the findings say.
    certs::ChainFacts inOrder;
    inOrder.verified = true;
    const verdict::ClientCertificate certificate = catalogue::certificateFacts(*names, inOrder);
    faulty_ |= std::any_of(findings->begin(), findings->end(),
                           [](const certs::Finding& finding) { return finding.level == certs::Finding::Level::fault; });
    writeFile("-", asJson_ ? json(file, identifiers, certificate, *findings).dump() + "\n"
                           : text(file, identifiers, certificate, *findings));
  }

  bool faulty() const { return faulty_; }

 private:
  static std::string kindOf(const ReadIdentifier& read) {
    const std::string_view kind = read.presented->kind == certs::IdentifierKind::commonName ? "CN" : "DNS-ID";
    return fmt::format("{} \"{}\"", kind, certs::escaped(read.presented->octets));
  }

  Json matchesOf(const std::string& pattern, const verdict::ClientCertificate& certificate) const {
    Json row{{"pattern", pattern}};
    for (const verdict::Profile& profile : profiles_) {
      const auto match =
          verdict::matchCertificate(*verdict::DomainPattern::parse(pattern).pattern, certificate, profile);
      row[profile.name] = match.answer.match ? Json(*match.answer.match) : Json();
    }
    return row;
  }

  Json json(const std::string& file, const std::vector<ReadIdentifier>& identifiers,
            const verdict::ClientCertificate& certificate, const std::vector<certs::Finding>& findings) const {
    Json result{
        {"file", file}, {"identifiers", Json::array()}, {"matches", Json::array()}, {"findings", Json::array()}};
    for (const ReadIdentifier& read : identifiers)
      result["identifiers"].push_back(
          {{"kind", read.presented->kind == certs::IdentifierKind::commonName ? "CN" : "DNS-ID"},
           {"value", certs::escaped(read.presented->octets)},
           {"why", words(read).empty() ? Json() : Json(words(read))}});
    for (const std::string& pattern : patternsNear(identifiers))
      result["matches"].push_back(matchesOf(pattern, certificate));
    for (const certs::Finding& finding : findings)
      result["findings"].push_back({{"level", levelOf(finding)}, {"rule", finding.rule}, {"what", finding.what}});
    return result;
  }

  static std::string_view levelOf(const certs::Finding& finding) {
    return finding.level == certs::Finding::Level::fault ? "fault" : "note";
  }

  std::string text(const std::string& file, const std::vector<ReadIdentifier>& identifiers,
                   const verdict::ClientCertificate& certificate, const std::vector<certs::Finding>& findings) const {
    std::string text = file + "\n";
    for (const ReadIdentifier& read : identifiers) {
      const std::string why = words(read);
      text += fmt::format("  name      {}{}\n", kindOf(read), why.empty() ? "" : "  (" + why + ")");
    }
    for (const std::string& pattern : patternsNear(identifiers)) text += matchLine(matchesOf(pattern, certificate));
    for (const certs::Finding& finding : findings)
      text += fmt::format("  {}     {}: {}\n", finding.level == certs::Finding::Level::fault ? "fault" : "note ",
                          finding.rule, finding.what);
    return text;
  }

  std::string matchLine(const Json& row) const {
    std::vector<std::string> yes, open;
    for (const verdict::Profile& profile : profiles_) {
      const Json& answer = row.at(profile.name);
      if (answer.is_null())
        open.push_back(profile.name);
      else if (answer.get<bool>())
        yes.push_back(profile.name);
    }
    if (yes.empty() && open.empty()) return {};
    std::string line = fmt::format("  matches   {:<32}", row.at("pattern").get<std::string>());
    if (yes.size() == profiles_.size()) return line + "  every profile\n";
    if (!yes.empty()) line += fmt::format("  {}", fmt::join(yes, ", "));
    if (!open.empty())
      line += fmt::format("{}both answers are right: {}", yes.empty() ? "  " : "; ", fmt::join(open, ", "));
    return line + "\n";
  }

  std::vector<verdict::Profile> profiles_;
  verdict::Profile widest_;
  std::int64_t at_;
  bool asJson_;
  bool faulty_ = false;
};

// A folder stands for the PEM files directly in it, keys aside.
std::vector<std::string> filesOf(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return {path};
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    const std::string name = entry.path().filename();
    if (name.ends_with(".pem") && !name.ends_with(".key.pem")) files.push_back(entry.path());
  }
  if (files.empty())
    throw Error(path, "", "is a folder without PEM files", "name the files, or a folder of files that end in .pem");
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int lintCertificates(const Arguments& arguments, const std::vector<std::string>& paths) {
  if (paths.empty())
    throw Error("", "certs lint", "names no file",
                "name PEM files, each with a chain, the leaf first, or folders of them");
  std::int64_t at = static_cast<std::int64_t>(now());
  if (arguments.has("at")) {
    const auto parsed = certs::parseTime(arguments.get("at"));
    if (!parsed)
      throw Error("", "--at", "\"" + arguments.get("at") + "\" is no time", "write it as 2027-01-31T00:00:00Z");
    at = *parsed;
  }
  Lint lint(shippedProfiles(), at, formatOf(arguments) == "json");
  bool unread = false;
  for (const std::string& path : paths)
    for (const std::string& file : filesOf(path)) try {
        lint.check(file);
      } catch (const Error& error) {  // the others are looked at all the same
        std::cerr << "relayproof: " << error.text() << "\n";
        unread = true;
      }
  return unread ? status::kUsage : lint.faulty() ? status::kNotConforming : status::kOk;
}

}  // namespace relayproof
