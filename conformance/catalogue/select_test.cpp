#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/catalogue/needs.h"
#include "conformance/catalogue/test_support.h"

namespace relayproof::catalogue {
namespace {

using test::Corpus;
using test::smallFamily;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> ids(const Catalogue& catalogue, const Selection& selection) {
  std::vector<std::string> found;
  for (const Case* one : select(catalogue, selection).value()) found.push_back(one->id.substr(one->family.size() + 1));
  return found;
}

Selection without(const char* capability) {
  Selection selection;
  selection.without = {capability};
  return selection;
}

TEST(Select, EverythingButControls) {
  const Corpus corpus(smallFamily());
  const Catalogue catalogue = corpus.loaded();
  EXPECT_THAT(ids(catalogue, {}), ElementsAre("exact", "other-name", "unknown-authority", "by-address", "local"));
}

TEST(Select, FiltersAddUpAndExcludesTakeAway) {
  const Corpus corpus(smallFamily());
  const Catalogue catalogue = corpus.loaded();
  Selection selection;
  selection.filters = {"small.ex*", "*address"};
  EXPECT_THAT(ids(catalogue, selection), ElementsAre("exact", "by-address"));
  selection.excludes = {"small.exact"};
  EXPECT_THAT(ids(catalogue, selection), ElementsAre("by-address"));
  selection.excludes = {"tag:dns-*"};
  EXPECT_THAT(ids(catalogue, selection), ElementsAre());
  selection.filters = {"tag:control"};
  selection.excludes = {};
  EXPECT_THAT(ids(catalogue, selection), ElementsAre());
}

TEST(Select, TierHangsOnAnswersTwinAndSource) {
  Json family = smallFamily();
  Json& cases = family["cases"];
  cases["differs"] = Json::parse(R"({"why": "A.", "expect": {"strict": ["deny"], "all": ["relay"]}, "twin": "exact"})");
  cases["open"] = Json::parse(R"({"why": "A.", "expect": {"all": ["relay", "deny"]}})");
  cases["twin-differs"] = Json::parse(R"({"why": "A.", "expect": {"all": ["deny"]}, "twin": "differs"})");
  cases["advised"] = Json::parse(R"({"why": "A.", "sources": ["advice", "rule"], "expect": {"all": ["relay"]}})");
  cases["mixed"] = Json::parse(R"({"why": "A.", "recipients": ["external", "local:little"],
    "expect": {"all": {"external": ["deny"], "local:little": ["deliver"]}}, "twin": "exact"})");
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const auto tier = [&](const char* id) { return tierOf(catalogue, *catalogue.find(std::string("small.") + id)); };
  EXPECT_EQ(tier("exact"), "must");
  EXPECT_EQ(tier("other-name"), "must");
  EXPECT_EQ(tier("mixed"), "must");
  EXPECT_EQ(tier("unknown-authority"), "must");  // denied or refused, never accepted
  EXPECT_EQ(tier("differs"), "profile");
  EXPECT_EQ(tier("open"), "profile");
  EXPECT_EQ(tier("twin-differs"), "profile");
  EXPECT_EQ(tier("advised"), "should");
  Selection selection;
  selection.tiers = {"should"};
  EXPECT_THAT(ids(catalogue, selection), ElementsAre("advised"));
}

TEST(Select, UnknownWordsAreErrors) {
  const Corpus corpus(smallFamily());
  const Catalogue catalogue = corpus.loaded();
  EXPECT_EQ(select(catalogue, without("second-tenants")).error().text(),
            "without: unknown value \"second-tenants\"; did you mean \"second-tenant\"?");
  Selection selection;
  selection.tiers = {"may"};
  EXPECT_THAT(select(catalogue, selection).error().text(), HasSubstr("tier: unknown value \"may\""));
}

struct Declared {
  const char* capability;
  const char* change;  // a merge patch over the case "exact" of the small family
  const char* family = "{}";
};

void PrintTo(const Declared& declared, std::ostream* out) { *out << declared.capability << " " << declared.change; }

class Without : public testing::TestWithParam<Declared> {};

// The changed case goes, and so does the case whose twin it is; a tag of that name has the same effect.
TEST_P(Without, DropsTheCaseAndWhatNeedsItAsTwin) {
  Json family = smallFamily();
  family["cases"]["exact"].merge_patch(Json::parse(GetParam().change));
  family.merge_patch(Json::parse(GetParam().family));
  family["cases"]["plain"] = {
      {"why", "A."}, {"certificate", {{"dns", nullptr}}}, {"expect", {{"all", {"relay little"}}}}};
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  const auto left = ids(catalogue, without(GetParam().capability));
  EXPECT_THAT(left, Not(Contains("exact")));
  EXPECT_THAT(left, Not(Contains("other-name")));
  EXPECT_THAT(left, Contains("plain"));
}

constexpr const char* kSecondTenant = R"({"tenants": [
  {"id": "little", "acceptedDomains": [{"name": "mail.small.test"}, {"name": "small.test"}],
   "inboundConnectors": [{"name": "c", "tlsSenderCertificateName": "mail.small.test"},
                         {"name": "p", "connectorType": "Partner", "tlsSenderCertificateName": "mail.partner.test"},
                         {"name": "a", "senderIPAddresses": ["{small-gateway}"]}]},
  {"id": "big", "acceptedDomains": [{"name": "big.test"}],
   "inboundConnectors": [{"name": "c", "tlsSenderCertificateName": "*.big.test"}]}],
  "cases": {"unknown-authority": null, "by-address": null, "local": null}})";

INSTANTIATE_TEST_SUITE_P(
    Capabilities, Without,
    testing::Values(
        Declared{"source-addresses", R"({"address": "small-gateway"})"},
        Declared{"address-connectors", R"({"address": "small-gateway"})"},
        Declared{"null-sender", R"({"sender": "null"})"},
        Declared{"null-sender", R"({"transactions": [{}, {"sender": "null"}]})"},
        Declared{"local-delivery", R"({"recipients": ["local:little"], "expect": {"all": ["deliver"]}})"},
        Declared{"local-delivery", R"({"recipients": ["x@small.test"], "expect": {"all": ["deliver"]}})"},
        Declared{"local-delivery", R"({"recipients": ["POSTMASTER"], "expect": {"all": ["deliver none"]}})"},
        Declared{"common-name", R"({"certificate": {"dns": [], "cn": "mail.small.test"}})"},
        Declared{"common-name", R"({"certificate": {"dns": ["else.test"], "subject": [{"CN": "MAIL.small.test"}]}})"},
        Declared{"subject-alt-name", R"({})"},
        Declared{"subject-alt-name", R"({"certificate": {"dns": [], "san": [{"dns": "*.small.test"}]}})"},
        Declared{"tls12", R"({"tls": "1.2"})"}, Declared{"smtputf8", R"({"sender": "\u00fc@foreign.example"})"},
        Declared{"smtputf8", R"({"mailParameters": " SMTPUTF8"})"}, Declared{"chunking", R"({"bdat": true})"},
        Declared{"second-tenant",
                 R"({"certificate": {"dns": ["mail.small.test", "mx.big.test"]}, "expect": {"all": ["relay little"]}})",
                 kSecondTenant},
        Declared{"second-tenant", R"({"sender": "x@big.test", "expect": {"all": ["relay little"]}})", kSecondTenant},
        Declared{"second-tenant", R"({"expect": {"all": ["relay little", "relay big"]}})", kSecondTenant},
        Declared{"partner", R"({"certificate": {"dns": ["mail.partner.test"]}, "expect": {"all": ["relay little"]}})",
                 kSecondTenant},
        Declared{"partner", R"({"recipients": ["local:little"], "expect": {"all": ["deliver little"]}})",
                 kSecondTenant},
        Declared{"revocation", R"({"tags": ["revocation"]})"}, Declared{"injection", R"({"tags": ["injection"]})"},
        Declared{"injection", R"({"transactions": [{}, {"smuggled": true}],
                                  "twin": "by-address", "expect": {"all": {"1": ["relay little"], "2": ["deny"]}}})"},
        Declared{"second-tenant", R"({"tags": ["second-tenant"]})"}));

TEST(Select, ACertificateWithBothKindsOfNameNeedsNeither) {
  Json family = smallFamily();
  family["defaults"]["certificate"]["cn"] = "mail.small.test";
  const Corpus corpus(family);
  const Catalogue catalogue = corpus.loaded();
  for (const char* capability : {"common-name", "subject-alt-name"})
    EXPECT_THAT(ids(catalogue, without(capability)), Contains("exact")) << capability;
}

TEST(Select, NothingIsDroppedForWhatNoCaseNeeds) {
  const Corpus corpus(smallFamily());
  const Catalogue catalogue = corpus.loaded();
  for (const char* capability : {"second-tenant", "partner", "null-sender", "common-name", "revocation", "tls12",
                                 "smtputf8", "chunking", "injection"})
    EXPECT_EQ(ids(catalogue, without(capability)).size(), 5U) << capability;
}

}  // namespace
}  // namespace relayproof::catalogue
