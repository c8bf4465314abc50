// Holds a table of differences (corpus/peers) against the peer that RELAYPROOF_MATCHER names: each row shows what it
// says, and no row of corpus/tables/match.json differs otherwise. Exit status 77: the table speaks of another version.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "certs/document.h"
#include "certs/string_type.h"
#include "fuzz/data.h"
#include "fuzz/judge.h"
#include "fuzz/known.h"
#include "fuzz/match_input.h"

namespace relayproof::fuzz {
namespace {

std::string latin1(const std::string& text) {
  const auto points = certs::decodeString(certs::StringType::utf8, text).value();
  return {points.begin(), points.end()};
}

MatchInput inputOf(const Node& question) {
  const bool dnsId = question.at("kind").string() == "DNS-ID";
  const std::string presented = question.at("presented").string();
  return {dnsId ? certs::IdentifierKind::dnsId : certs::IdentifierKind::commonName, question.at("pattern").string(),
          dnsId ? latin1(presented) : presented};
}

/// "says match, and rfc6125 none (is empty)", or nothing where they do not differ otherwise than `known` says.
std::string differenceIn(const MatchInput& input, const Known& known, bool isKnown) {
  const auto pattern = verdict::DomainPattern::parse(input.pattern).pattern;
  if (!pattern) return isKnown ? "asks about what is no pattern" : "";
  const auto type = input.kind == certs::IdentifierKind::commonName ? certs::StringType::utf8 : certs::StringType::ia5;
  const Question question{input.pattern, input.name, input.kind};
  const Answers answers{question, verdict::matchName(*pattern, {input.kind, type, input.name}, profileInForce()),
                        ask(Matcher::yours(), question), textOf(input)};
  const Difference difference{answerName(answers.theirs), answers.ours.why, input.pattern, answers.presented};
  const bool covered = isContradicted(answers) && known.covers(difference);
  if (isKnown ? covered : !isContradicted(answers) || covered) return {};
  return std::string(answerName(answers.theirs)) + " to " + input.pattern + ", " + answers.presented + " (" +
         answers.ours.why + ")";
}

bool isOfThisVersion(const Node& root) {
  void* library = dlopen(std::getenv("RELAYPROOF_MATCHER"), RTLD_NOW | RTLD_LOCAL);
  const auto version = reinterpret_cast<const char* (*)()>(dlsym(library, "relay_peer_version"));
  for (const Node& one : root.at("versions").array())
    if (std::string(version()).starts_with(one.string())) return true;
  std::cout << "skipped: this is " << version() << ", of which the table says nothing\n";
  return false;
}

int check(const std::string& file, const std::string& matches) {
  if (access(std::getenv("RELAYPROOF_MATCHER"), R_OK) != 0) {
    std::cout << "skipped: this peer's library is not installed\n";
    return 77;
  }
  const Json document = parseJson(readFile(file).value(), file).value();
  const Node root(document, file, "");
  if (!isOfThisVersion(root)) return 77;
  int faults = 0;
  const auto fault = [&](const std::string& text) {
    ++faults;
    std::cout << text << "\n";
  };
  for (const Node& row : root.at("known").array()) {
    const Json one = {{"schema", root.at("schema").string()}, {"known", Json::array({row.json()})}};
    const std::string said = differenceIn(inputOf(row.at("example")), Known(Node(one, file, "")), true);
    if (!said.empty()) fault("not what the row \"" + row.at("reason").string() + "\" says: " + said);
  }
  const Known known(root);
  const Json table = parseJson(readFile(matches).value(), matches).value();
  std::size_t asked = 0;
  for (const Node& row : Node(table, matches, "").at("rows").array()) {
    if (!row.at("presented").json().is_string()) continue;
    ++asked;
    const std::string said = differenceIn(inputOf(row), known, false);
    if (!said.empty()) fault("no row explains: " + said);
  }
  std::cout << asked << " names asked, " << faults << " faults\n";
  return faults > 0 || asked == 0 ? 1 : 0;
}

}  // namespace
}  // namespace relayproof::fuzz

int main(int argc, char** argv) {
  if (argc != 3 || std::getenv("RELAYPROOF_MATCHER") == nullptr) {
    std::cerr << "usage: RELAYPROOF_MATCHER=PEER check_peer TABLE MATCHES\n";
    return 2;
  }
  return relayproof::fuzz::check(argv[1], argv[2]);
}
