#include "conformance/catalogue/guise.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "conformance/catalogue/dialogue.h"
#include "conformance/catalogue/test_support.h"

namespace relayproof::catalogue {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

Catalogue small(const char* patch = "{}", const Means& means = {}) {
  Json family = test::smallFamily();
  family.merge_patch(Json::parse(patch));
  const test::Corpus corpus(family);
  Catalogue catalogue = corpus.loaded();
  addGuises(catalogue, means);
  return catalogue;
}

// What is written of a case is true of it in every guise, by the core.
TEST(Guises, ChangeNoVerdictOfTheShippedCorpus) {
  Catalogue catalogue = load(test::corpusFolder()).value();
  const std::size_t before = catalogue.cases.size();
  addGuises(catalogue, {});
  EXPECT_GT(catalogue.cases.size(), before * 2);
  auto faults = lint(catalogue, test::shippedMint(), test::kTime);
  // A case that is TLS 1.2 itself, and the one that it deviates from.
  std::erase_if(faults,
                [](const std::string& fault) { return fault.find("holds the same session as") != std::string::npos; });
  EXPECT_THAT(faults, IsEmpty()) << faults.size() << " faults\n" << fmt::format("{}", fmt::join(faults, "\n"));
}

TEST(Guises, ExtendedUsesWhatThereIs) {
  const Catalogue catalogue = small();
  const Case* one = catalogue.find("small.exact~extended");
  ASSERT_NE(one, nullptr);
  EXPECT_TRUE(one->otherListener);
  EXPECT_EQ(one->tls, "1.2");
  EXPECT_TRUE(one->hasTag(kGuise));
  ASSERT_EQ(one->transactions.size(), 2U);
  EXPECT_TRUE(one->transactions[1].extended);
  EXPECT_TRUE(one->transactions[0].bdatIfOffered);
  EXPECT_TRUE(one->transactions[0].smtpUtf8IfOffered);
  EXPECT_FALSE(one->transactions[1].bdatIfOffered);
  EXPECT_THAT(one->transactions[1].recipients, ElementsAre("external", "external+2", "external+3"));
  EXPECT_EQ(one->expect.at("strict").size(), 2U);
  EXPECT_EQ(one->expect.at("strict")[1].size(), 3U);
  EXPECT_EQ(one->fixture, "small.default~extended");
  EXPECT_EQ(one->blueprint["through"], Json({1}));
  const auto sent = transactionsOf(*one, catalogue, {}, "token");
  EXPECT_THAT(sent[0].recipients,
              ElementsAre("token@elsewhere.example", "token.2@elsewhere.example", "token.3@elsewhere.example"));
}

TEST(Guises, ExtendedGoesWithoutWhatIsNotThere) {
  const Catalogue catalogue = small(
      "{}", {.otherListener = false, .tls12 = false, .chunking = false, .smtpUtf8 = false, .anyRecipient = false});
  const Case* one = catalogue.find("small.exact~extended");
  ASSERT_NE(one, nullptr);
  EXPECT_FALSE(one->otherListener);
  EXPECT_EQ(one->tls, "");
  EXPECT_FALSE(one->transactions[0].bdatIfOffered);
  EXPECT_FALSE(one->transactions[0].smtpUtf8IfOffered);
  EXPECT_THAT(one->transactions[0].recipients, ElementsAre("external"));
}

TEST(Guises, BasicSaysHelo) {
  const Catalogue catalogue = small();
  const Case* one = catalogue.find("small.exact~basic");
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(one->tls, "1.3");
  EXPECT_EQ(one->transactions.size(), 4U);
  EXPECT_FALSE(one->transactions[0].extended);
  EXPECT_EQ(one->steps.front(), "starttls");
  EXPECT_FALSE(needsStartTls(*one));
  EXPECT_FALSE(sendsContent(*one));
}

TEST(Guises, ResumedAreThoseThatMustBeDenied) {
  const Catalogue catalogue = small();
  EXPECT_EQ(catalogue.find("small.exact~resumed"), nullptr) << "whoever resumes need not be believed";
  const Case* one = catalogue.find("small.unknown-authority~resumed");
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(one->tls, "1.3");
  ASSERT_TRUE(one->earlier);
  EXPECT_EQ(one->earlier->fixture, one->fixture);
  EXPECT_EQ(one->twin.at("strict"), "small.exact");
}

TEST(Guises, StandAsideWhereACaseSaysMore) {
  const Catalogue catalogue = small(R"({"cases": {"exact": {"steps": ["starttls", "plain dialogue"]}}})");
  EXPECT_EQ(catalogue.find("small.exact~basic"), nullptr);
  EXPECT_EQ(catalogue.find("small.unknown-authority~basic"), nullptr) << "its twin has none";
}

TEST(Guises, HaveTheirTwinsInTheSameGuise) {
  const Catalogue catalogue = small();
  const Case* one = catalogue.find("small.unknown-authority~extended");
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(one->twin.at("strict"), "small.exact~extended");
}

}  // namespace
}  // namespace relayproof::catalogue
