// A matcher of the user's own, held against ours. It is a program that reads a question a line and answers each in a
// line, {"id":1,"match":true}, or declines, {"id":1,"skip":"why"}. Whatever else it does is an error, never a "no".
#include "runners/relayproof/compare.h"

#include <fmt/format.h>

#include <iostream>
#include <optional>

#include "certs/string_type.h"
#include "runners/relayproof/line_process.h"
#include "runners/relayproof/workbench.h"

namespace relayproof {
namespace {

constexpr int kMostRestarts = 3;  // in a row, without an answer between
constexpr int kCannotExecute = 126;
constexpr int kNotFound = 127;  // the exit statuses of /bin/sh for a command that it cannot start

// ASCII alone: what a name hides is seen on every terminal.
std::string lineOf(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

Json withId(const Json& id, const Json& question) {
  Json numbered{{"id", id}};
  for (const auto& [key, value] : question.items())
    if (key != "id") numbered[key] = value;
  return numbered;
}

// Why that is no answer to the question of that number; empty where it is one.
std::string faultOf(const Expected<Json>& answer, std::uint64_t number) {
  if (!answer || !answer->is_object()) return "answered in a line that is no JSON object";
  if (!answer->contains("id")) return "answered without an id";
  if ((*answer)["id"] != number) return fmt::format("answered with the id {}", lineOf((*answer)["id"]));
  if (answer->contains("skip"))
    return (*answer)["skip"].is_string() ? "" : "declined without a reason: \"skip\" is no text";
  if (!answer->contains("match")) return "answered without \"match\"";
  return (*answer)["match"].is_boolean() ? "" : "answered with a \"match\" that is neither true nor false";
}

class Comparison {
 public:
  Comparison(std::string command, std::chrono::seconds timeout, const Answer& ours)
      : command_(std::move(command)), timeout_(timeout), ours_(ours) {}

  /// False: it is of no use to ask on. `source` is what the answer follows from, where that is known.
  bool ask(const Question& question, const std::string& source = {});
  void leaveOut() { ++questions_, ++notAskable_; }
  int finish() const;

 private:
  void report(Json found) const { writeFile("-", lineOf(found) + "\n"); }
  bool failed(const Heard& heard, const std::string& fault, Json found);

  std::string command_;
  std::chrono::seconds timeout_;
  const Answer& ours_;
  std::optional<LineProcess> matcher_;
  int failedInARow_ = 0;
  bool cannotStart_ = false, badQuestion_ = false;
  std::uint64_t questions_ = 0, agree_ = 0, differ_ = 0, errors_ = 0, declined_ = 0, notAskable_ = 0;
};

bool Comparison::ask(const Question& question, const std::string& source) {
  const Json expected = answerTo(question, ours_);
  if (expected.contains("error")) {
    leaveOut();
    badQuestion_ = true;
    report(expected);
    return true;
  }
  const std::uint64_t number = ++questions_;
  const Json id = expected["id"].is_null() ? Json(number) : expected["id"];
  Json found{{"id", id}, {"question", withId(id, *question.content)}};

  if (!matcher_) matcher_.emplace(command_);
  const Heard heard = matcher_->ask(lineOf(withId(number, *question.content)), timeout_);
  if (!heard.line) return failed(heard, heard.fault, found);
  const Expected<Json> answer = parseJson(*heard.line, "");
  if (const std::string fault = faultOf(answer, number); !fault.empty())
    return failed(heard, fmt::format("{}: {}", fault, certs::escaped(heard.line->substr(0, 200))), found);

  failedInARow_ = 0;
  if (answer->contains("skip")) {
    ++declined_;
  } else if (expected["match"].is_null() || expected["match"] == (*answer)["match"]) {
    ++agree_;
  } else {
    ++differ_;
    found["expected"] = expected["match"];
    found["why"] = expected["why"];
    if (!source.empty()) found["source"] = source;
    found["answer"] = *answer;
    report(found);
  }
  return true;
}

bool Comparison::failed(const Heard& heard, const std::string& fault, Json found) {
  matcher_.reset();
  cannotStart_ = questions_ == notAskable_ + 1 && (heard.exitStatus == kCannotExecute || heard.exitStatus == kNotFound);
  if (cannotStart_) return false;
  ++errors_;
  found["error"] = "the matcher " + fault;
  report(found);
  return ++failedInARow_ <= kMostRestarts;
}

int Comparison::finish() const {
  if (cannotStart_) {
    std::cerr << fmt::format("relayproof: --compare: \"{}\" cannot be started by /bin/sh\n", command_);
    return status::kUnreachable;
  }
  const auto count = [](std::uint64_t n, const char* what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  std::cerr << fmt::format("{}: {} agree, {} differ, {}, {} declined, {} not askable{}\n",
                           count(questions_, "question"), agree_, differ_, count(errors_, "error"), declined_,
                           notAskable_, failedInARow_ > kMostRestarts ? "; given up" : "");
  if (differ_ + errors_ > 0) return status::kNotConforming;
  if (badQuestion_) return status::kUsage;
  return agree_ == 0 ? status::kTooLittle : status::kOk;
}

// A row's octets as the text of a question: a DNS-ID's a code point an octet, a CN's by its ASN.1 type. nullopt: they
// do not decode, so that only a certificate can put them forward.
std::optional<std::string> textOf(const Node& row) {
  using certs::StringType;
  const bool cn = row.at("kind").string() == "CN";
  const StringType type = cn ? certs::stringTypeNamed(row.stringOr("type", "UTF8String")).value() : StringType::teletex;
  const Node presented = row.at("presented");
  std::string octets;
  if (presented.json().is_string()) {
    octets = certs::encodeString(type, certs::decodeString(StringType::utf8, presented.string()).value()).value();
  } else {
    const std::string hex = presented.at("hex").string();
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
      octets += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  const auto text = certs::decodeString(type, octets);
  return text ? certs::encodeString(StringType::utf8, *text) : std::nullopt;
}

void askTable(Comparison& comparison) {
  const std::string file = corpusFolder() + "/tables/match.json";
  const Json table = orThrow(parseJson(orThrow(readFile(file)), file));
  for (const Node& row : Node(table, file, "").at("rows").array()) {
    const auto text = textOf(row);
    if (!text) {
      comparison.leaveOut();
      continue;
    }
    const Question question{
        file, nullptr,
        Json{{"pattern", row.at("pattern").string()}, {"presented", *text}, {"kind", row.at("kind").string()}}};
    if (!comparison.ask(question, row.at("source").string())) return;
  }
}

}  // namespace

int compareMatcher(const Arguments& arguments, const Answer& ours) {
  const std::string command = arguments.get("compare");
  if (command.find_first_not_of(" \t\n") == std::string::npos)
    throw Error("", "--compare", "is empty", "name the command that starts your matcher");
  Comparison comparison(command, std::chrono::seconds(arguments.integer("timeout", 5, 1, 3600)), ours);
  if (arguments.has("table"))
    askTable(comparison);
  else
    eachQuestion([&](const Question& question) { return comparison.ask(question); });
  return comparison.finish();
}

}  // namespace relayproof
