#include <gmock/gmock.h>

#include "conformance/run/test_support.h"

namespace relayproof::run {
namespace {

TEST_F(Run, ARelayThatContradictsItselfFailsAndSaysInWhat) {
  Json family = plainFamily();
  // P2 decides, or it does not: nothing in between.
  for (const char* name : {"header-one", "header-two", "header-three"})
    family["cases"][name] = {{"why", "W."},
                             {"sender", std::string(name) + "@foreign.example"},
                             {"header", "p2@small.test"},
                             {"expect", {{"exo-2017", {"relay 3a", "deny"}}, {"all", {"deny"}}}},
                             {"twin", "relayed"}};
  use(family);
  const auto byHeader = [](std::string_view accepted) {
    return [accepted](const Talk& talk, std::string_view stage) {
      return stage == "rcpt" && talk.from(accepted) ? std::string("250 2.1.5 relayed") : right(talk, stage);
    };
  };
  run(byHeader("nobody"), {"relayed", "header-one", "header-two", "header-three"});
  EXPECT_EQ(report_.fingerprint["options"]["senderIdentity"]["values"], Json({"envelope"}));
  EXPECT_EQ(status(), result::kConforms);
  run(byHeader("header-two"), {"relayed", "header-one", "header-two", "header-three"});
  EXPECT_EQ(report_.fingerprint["assignments"], 0);
  const CaseResult& clash = report_.results.back();
  EXPECT_EQ(clash.id, "fingerprint.contradiction");
  EXPECT_EQ(clash.why,
            "no value of senderIdentity explains together what was seen in plain.header-two (accept), "
            "plain.header-three (deny)");
  EXPECT_EQ(finished_.back(), clash.id) << "the journal has it too";
  EXPECT_EQ(status(), result::kDoesNotConform);
}

}  // namespace
}  // namespace relayproof::run
