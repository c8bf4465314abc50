#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "conformance/catalogue/test_support.h"

namespace relayproof::catalogue {
namespace {

using test::Corpus;
using test::kTime;
using test::smallFamily;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> faultsOf(const Catalogue& catalogue) { return lint(catalogue, test::shippedMint(), kTime); }

std::vector<std::string> faultsWith(const char* patch) {
  Json family = smallFamily();
  family.merge_patch(Json::parse(patch));
  const Corpus corpus(family);
  return faultsOf(corpus.loaded());
}

TEST(Lint, TheShippedCorpusIsInOrder) {
  const auto catalogue = load(test::corpusFolder());
  ASSERT_TRUE(catalogue) << catalogue.error().text();
  const auto faults = faultsOf(*catalogue);
  EXPECT_THAT(faults, IsEmpty()) << faults.size() << " faults\n" << fmt::format("{}", fmt::join(faults, "\n"));
}

TEST(Lint, EverySentenceOfTheSourcesIsAccountedFor) {
  Catalogue catalogue = load(test::corpusFolder()).value();
  const auto faults = lintSources(catalogue);
  EXPECT_THAT(faults, IsEmpty()) << fmt::format("{}", fmt::join(faults, "\n"));
  EXPECT_GE(catalogue.sources.size(), 300U);
  Source source;
  catalogue.sources["nobody-names-me"] = source;
  source.status = "untestable";
  catalogue.sources[catalogue.cases.front().sources.front()] = source;
  EXPECT_THAT(
      lintSources(catalogue),
      testing::UnorderedElementsAre("nobody-names-me: no case names it, and it does not say why",
                                    catalogue.cases.front().sources.front() + ": is untestable and yet named by " +
                                        casesOf(catalogue, catalogue.cases.front().sources.front()).front()->id));
}

TEST(Lint, TheSmallFamilyIsInOrder) { EXPECT_THAT(faultsWith("{}"), IsEmpty()); }

TEST(Lint, WrittenAnswersAreHeldAgainstTheCore) {
  EXPECT_THAT(faultsWith(R"({"cases": {"exact": {"expect": {"strict": ["relay 3a"], "all": ["relay"]}}}})"),
              ElementsAre(AllOf(HasSubstr("small.exact: under strict: 1/external: written {relay little 3a}, computed "
                                          "{relay little 3b}: "),
                                HasSubstr("→"))));
  EXPECT_THAT(faultsWith(R"({"cases": {"unknown-authority": {"expect": {"all": ["deny"]}}}})"),
              ElementsAre(HasSubstr("under exo-2017, exo-2023, exo-2026, rfc6125, strict: 1/external: written {deny}, "
                                    "computed {deny, refuse-tls}")));
}

TEST(Lint, ATwinMustBeAccepted) {
  EXPECT_THAT(faultsWith(R"({"cases": {"other-name": {"twin": "unknown-authority"}}})"),
              Contains(HasSubstr("small.other-name: under exo-2017 its twin small.unknown-authority is not accepted")));
}

TEST(Lint, ATwinLosesItsAcceptanceWithItsIdentity) {
  // Its address grants what its certificate grants, so neither alone is what it is accepted for.
  EXPECT_THAT(faultsWith(R"({"cases": {
                "both": {"why": "A.", "address": "small-gateway", "sender": "local:little", "expect": {"all": ["relay"]}},
                "other-name": {"twin": "both"}}})"),
              Contains(HasSubstr("its twin small.both is accepted without its certificate or address too")));
  EXPECT_THAT(faultsWith(R"({"cases": {"neighbour": {"why": "A.", "certificate": {"dns": []}, "sender": "local:little",
                "expect": {"all": ["deny"]}, "twin": "by-address"}}})"),
              IsEmpty());
}

TEST(Lint, FamiliesAreDisjoint) {
  const Corpus corpus(smallFamily());
  corpus.add(Json::parse(R"({"family": "other", "title": "O", "cases": {},
    "tenants": [{"id": "o", "acceptedDomains": [{"name": "in.small.test"}],
      "inboundConnectors": [{"name": "n", "senderIPAddresses": ["127.0.99.0/24", "127.0.0.0/24"]}]}]})"));
  const auto faults = faultsOf(corpus.loaded());
  EXPECT_THAT(faults,
              Contains("the name in.small.test of the family other lies within small.test of the family small"));
  EXPECT_THAT(faults, Contains("an address range of the family other covers an address of the family small"));
  EXPECT_THAT(faults, Contains("an address range of the family other covers the stranger"));
}

TEST(Lint, ACertificateMatchesNoOtherFamily) {
  const Corpus corpus(smallFamily());
  corpus.add(Json::parse(R"({"family": "other", "title": "O",
    "cases": {"theirs": {"why": "A.", "sources": ["rule"], "certificate": {"cn": "mail.small.test"},
      "expect": {"exo-2017 exo-2023 exo-2026 rfc6125": ["relay little"], "all": ["deny"]}, "twin": "small.exact"}}})"));
  EXPECT_THAT(faultsOf(corpus.loaded()), Contains(HasSubstr("other.theirs: its certificate matches mail.small.test")));
}

TEST(Lint, BeforeTheReloadThereIsNoTwinAfterIt) {
  EXPECT_THAT(faultsWith(R"({"cases": {"then": {"why": "A.", "after": "reload", "expect": {"all": ["relay"]}},
                                       "other-name": {"twin": "then"}}})"),
              ElementsAre(HasSubstr("small.other-name: its twin small.then is played after the reload")));
}

TEST(Lint, Sources) {
  EXPECT_THAT(faultsWith(R"({"cases": {"exact": {"sources": ["hearsay"]}}})"),
              ElementsAre(HasSubstr("small.exact: unknown source hearsay")));
}

TEST(Lint, NoTwoCasesHoldTheSameSession) {
  EXPECT_THAT(
      faultsWith(R"({"cases": {"again": {"why": "A.", "certificate": "exact", "expect": {"all": ["relay"]}}}})"),
      ElementsAre(HasSubstr("small.again: holds the same session as small.exact")));
  EXPECT_THAT(faultsWith(R"({"cases": {"again": {"why": "A.", "tls": "1.2", "expect": {"all": ["relay"]}}}})"),
              IsEmpty());
}

TEST(Lint, ACertificateThatCannotBeMinted) {
  EXPECT_THAT(faultsWith(R"({"cases": {"other-name": {"certificate": {"issuer": "nobody"}}}})"),
              Contains(HasSubstr("cases.other-name.certificate.issuer")));
}

}  // namespace
}  // namespace relayproof::catalogue
