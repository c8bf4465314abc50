// `match --compare` as a vendor uses it: right matchers, wrong ones, and such as crash, babble or hang.

#include <gmock/gmock.h>

#include <chrono>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

#include "runners/relayproof/test_support.h"

namespace relayproof {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kOne = R"({"pattern":"contoso.test","presented":"contoso.test"})";
const std::string kThree = R"({"pattern":"*.contoso.test","presented":"mail.contoso.test"}
{"id":"apart","pattern":"*.contoso.test","presented":"mail.notcontoso.test","kind":"CN"}
{"pattern":"contoso.test","presented":"contoso.test\u0000.evil.test"}
)";

class Compare : public Program {
 protected:
  // Held against a matcher in shell, of which `body` is what it does with each question.
  Ran compare(const std::string& body, const std::string& options = {}, const std::string& input = kThree) const {
    std::ofstream(file("matcher")) << R"(say() { printf '{"id":%s,%s}\n' "$id" "$1"; }
while IFS= read -r question; do
  id=${question#*:}; id=${id%%,*}
  pattern=${question#*'"pattern":"'}; pattern=${pattern%%'"'*}
  presented=${question#*'"presented":"'}; presented=${presented%%'"'*}
  )" << body << "\ndone\n";
    return run("match --compare 'exec sh " + file("matcher") + "' " + options, input);
  }
  static std::vector<Json> found(const Ran& ran) {
    std::vector<Json> objects;
    std::istringstream lines(ran.output);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("{")) objects.push_back(Json::parse(line));
    return objects;
  }
  static std::vector<std::string> errors(const Ran& ran) {
    std::vector<std::string> texts;
    for (const Json& one : found(ran)) texts.push_back(one.at("error"));
    return texts;
  }
  // Of the processes whose numbers stand in a file, those that live on. They are killed, which may take a moment.
  static std::vector<std::string> alive(const std::string& pids) {
    std::vector<std::string> left;
    std::ifstream started(pids);
    for (std::string pid; started >> pid;) {
      const auto runs = [&] {
        const auto state = readFile("/proc/" + pid + "/stat");
        return state && state->find(") Z ") == std::string::npos;
      };
      for (int i = 0; i < 1000 && runs(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
      if (runs()) left.push_back(pid);
    }
    return left;
  }
};

class RightMatcher : public Compare, public testing::WithParamInterface<const char*> {};
TEST_P(RightMatcher, AgreesOnTheWholeTable) {
  const Ran ran = run(std::string("match --table --profile exo-2017 --compare ") + GetParam());
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(found(ran), IsEmpty()) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr(" agree, 0 differ, 0 errors, 0 declined, "));
}
INSTANTIATE_TEST_SUITE_P(Examples, RightMatcher,
                         testing::Values(EXAMPLE_MATCHER, RELAYPROOF_SOURCE_DIR "/fuzz/examples/matcher.py"));

// What is demanded is what stands in the table by hand, though a question lacks a row's ASN.1 type.
TEST_F(Compare, TheTableDemandsWhatItsRowsSay) {
  const Json rows = Json::parse(*readFile(RELAYPROOF_SOURCE_DIR "/corpus/tables/match.json"))["rows"];
  for (const std::string profile : {"exo-2017", "strict"}) {
    const auto demanded = [&](const Json& row) {
      return row["expect"].contains(profile) ? row["expect"][profile] : row["expect"]["all"];
    };
    std::set<std::size_t> yes, no;  // rows that demand it, by what a matcher that says the opposite is told
    for (const Json& one : found(compare("say '\"match\":false'", "--table --profile " + profile)))
      yes.insert(one.at("id").get<std::size_t>());
    for (const Json& one : found(compare("say '\"match\":true'", "--table --profile " + profile)))
      no.insert(one.at("id").get<std::size_t>());
    std::size_t notAsked = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(yes.contains(i + 1), demanded(rows[i]) == true) << profile << rows[i];
      EXPECT_TRUE(!no.contains(i + 1) || demanded(rows[i]) == false) << profile << rows[i];
      if (demanded(rows[i]) == false && !no.contains(i + 1)) ++notAsked;
    }
    EXPECT_GT(yes.size(), 50U);
    EXPECT_LT(notAsked, 50U) << "octets that are no text";
  }
}

TEST_F(Compare, ADifferenceIsPrintedWithAQuestionThatCanBeAskedAgain) {
  const std::string suffix =
      "case $presented in *\"${pattern#??}\") say \"\\\"match\\\":true\";; *) say \"\\\"match\\\":false\";; esac";
  const Ran ran = compare(suffix);
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.output, HasSubstr("3 questions: 2 agree, 1 differ, 0 errors, 0 declined, 0 not askable\n"));
  ASSERT_EQ(found(ran).size(), 1U) << ran.output;
  const Json one = found(ran)[0];
  EXPECT_EQ(one["id"], "apart");
  EXPECT_EQ(one["expected"], false);
  EXPECT_EQ(one["why"], "not below the pattern's domain");
  EXPECT_EQ(one["answer"], Json({{"id", 2}, {"match", true}}));
  const Json again = Json::parse(run("match", one["question"].dump() + "\n").output);
  EXPECT_EQ(again["id"], "apart");
  EXPECT_EQ(again["match"], one["expected"]);
}

TEST_F(Compare, WhereTheProfileAllowsBothAnyAnswerAgrees) {
  const std::string open = R"({"pattern":"mail.contoso.test","presented":"mail.contoso.test."})";
  for (const char* body : {"say '\"match\":true'", "say '\"match\":false'"})
    EXPECT_EQ(compare(body, "--profile exo-2017", open).status, 0);
  EXPECT_EQ(compare("say '\"match\":true'", "--profile strict", open).status, 1);
}

TEST_F(Compare, AMatcherMayDeclineButNotEverything) {
  const Ran some = compare("if [ $id = 1 ]; then say '\"match\":true'; else say '\"skip\":\"too hard\"'; fi");
  EXPECT_EQ(some.status, 0);
  EXPECT_EQ(some.output, "3 questions: 1 agree, 0 differ, 0 errors, 2 declined, 0 not askable\n");
  EXPECT_EQ(compare("say '\"skip\":\"all\"'").status, 3);
  EXPECT_EQ(compare("say '\"match\":true'", "", "\n").status, 3);
}

TEST_F(Compare, WhatIsNoAnswerIsAnErrorAndNeverANo) {
  const struct {
    const char* body;
    const char* says;
  } rows[] = {
      {"exit 3", "the matcher exited with status 3"},
      {"kill -9 $$", "the matcher was ended by signal 9 (Killed)"},
      {"exec >&-; sleep 60", "the matcher closed its output"},
      {"printf no; exit", "the matcher exited with status 0; without a line feed: no"},
      {"printf \"no\\000\\n\"", "the matcher answered in a line that is no JSON object: no\\x00"},
      {"echo", "the matcher answered in a line that is no JSON object: "},
      {"echo false", "no JSON object: false"},
      {"echo \"$question\"; say '\"match\":true,\"match\":true'", "the matcher answered without \"match\": {"},
      {"say '\"match\":true,\"match\":false'", "no JSON object: {"},
      {"echo '{\"match\":true}'", "the matcher answered without an id: {"},
      {"id=\\\"$id\\\"; say '\"match\":true'", "the matcher answered with the id \"1\": {"},
      {"id=2; say '\"match\":true'", "the matcher answered with the id 2: {"},
      {"say '\"match\":null'", "a \"match\" that is neither true nor false: {"},
      {"say '\"match\":\"true\"'", "a \"match\" that is neither true nor false: {"},
      {"say '\"skip\":true'", "the matcher declined without a reason"},
      {"head -c 3000000 /dev/zero", "the matcher says more than 1 MiB; without a line feed: \\x00\\x00"},
  };
  for (const auto& row : rows) {
    const Ran ran = compare(row.body, "", kOne);
    EXPECT_EQ(ran.status, 1) << ran.output;
    EXPECT_THAT(errors(ran), ElementsAre(HasSubstr(row.says))) << row.body << "\n" << ran.output;
    EXPECT_THAT(ran.output, HasSubstr("1 question: 0 agree, 0 differ, 1 error, 0 declined")) << row.body;
  }
}

TEST_F(Compare, ACrashCostsOneQuestion) {
  const Ran ran = compare("[ $id = 2 ] && kill -6 $$; say '\"match\":true'", "", kOne + "\n" + kOne + "\n" + kOne);
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(errors(ran), ElementsAre(HasSubstr("the matcher was ended by signal 6")));
  EXPECT_EQ(found(ran)[0]["question"], Json({{"id", 2}, {"pattern", "contoso.test"}, {"presented", "contoso.test"}}));
  EXPECT_THAT(ran.output, HasSubstr("3 questions: 2 agree, 0 differ, 1 error, "));
}

// An answer too many is the answer to the wrong question.
TEST_F(Compare, AnAnswerIsNeverTakenForThatOfAnotherQuestion) {
  const Ran ran = compare("say '\"match\":true'; say '\"match\":true'", "", kOne + "\n" + kOne);
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(errors(ran), ElementsAre(HasSubstr("the matcher answered with the id 1: {")));
}

TEST_F(Compare, AMatcherThatNeverAnswersIsGivenUp) {
  const Ran ran = compare("exit 3", "--table");
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(errors(ran).size(), 4U);
  EXPECT_THAT(ran.output, HasSubstr("4 errors, 0 declined, 0 not askable; given up\n"));
}

TEST_F(Compare, SilenceIsAnErrorAndEndsTheWholeGroup) {
  const Ran ran = compare("sleep 600 & echo $! $$ >" + file("pids") + "; wait", "--timeout 1", kOne);
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(errors(ran), ElementsAre("the matcher did not answer within 1 s"));
  EXPECT_THAT(alive(file("pids")), IsEmpty());
}

TEST_F(Compare, AnInterruptionLeavesNoMatcherBehind) {
  const Ran ran = compare("sleep 600 & echo $! $$ >" + file("pids") + "; kill -INT $PPID; wait", "", kOne);
  EXPECT_EQ(ran.status, 130) << ran.output;
  EXPECT_TRUE(std::filesystem::exists(file("pids")));
  EXPECT_THAT(alive(file("pids")), IsEmpty());
}

TEST_F(Compare, ALongQuestionIsSentWholeOrNotAnswered) {
  const std::string question = R"({"pattern":"contoso.test","presented":")" + std::string(100'000, 'a') + "\"}";
  EXPECT_EQ(compare("[ ${#presented} = 100000 ] && say '\"match\":false'", "", question).status, 0);
  const Ran ran = run("match --timeout 1 --compare 'exec sleep 600'", question);
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(errors(ran), ElementsAre("the matcher did not answer within 1 s"));
}

TEST_F(Compare, ACommandThatCannotBeStartedIsFour) {
  for (const std::string& command : {file("no-such-matcher"), file("not-executable", "x")}) {
    const Ran ran = run("match --table --compare " + command);
    EXPECT_EQ(ran.status, 4) << ran.output;
    EXPECT_THAT(ran.output, HasSubstr("relayproof: --compare: \"" + command + "\" cannot be started"));
  }
}

TEST_F(Compare, AQuestionThatIsNoneIsTheUsersError) {
  const Ran ran = compare("say '\"match\":true'", "",
                          R"({"pattern":"*.contoso.test","presentd":"mail.contoso.test"}
{"id":7,"pattern":"*.test","presented":"mail.test"}
)" + kOne);
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(errors(ran), ElementsAre(HasSubstr("line 1: presentd:"), HasSubstr("line 2: pattern:")));
  EXPECT_THAT(ran.output, HasSubstr("3 questions: 1 agree, 0 differ, 0 errors, 0 declined, 2 not askable"));
}

}  // namespace
}  // namespace relayproof
