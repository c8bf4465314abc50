// Runs and plans in an operator's own circumstances: his domains, his CA, his load balancer.

#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "runners/relayproof/test_support.h"

namespace relayproof {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class Operator : public Program {
 protected:
  Operator() { lab_ = file("lab"); }
  /// A CA that is not ours: another seed's.
  std::string issuer(const std::string& name, bool withRoot = false) {
    EXPECT_EQ(run("certs --seed 7 --filter valid-both --out " + lab_ + " --force").status, 0);
    std::ofstream chain(file("ca.pem"));
    chain << *readFile(lab_ + "/ca/" + name + ".pem");
    if (withRoot) chain << *readFile(lab_ + "/ca/root.pem");
    chain.close();
    return " --issuer " + file("ca.pem") + "," + lab_ + "/ca/" + name + ".key.pem";
  }
  static Json plan(const std::string& options) { return Json::parse(run("plan " + options).output); }
  static std::set<std::string> dropped(const Json& plan, const std::string& why) {
    std::set<std::string> ids;
    for (const Json& one : plan.value("dropped", Json::array()))
      if (one["why"].get<std::string>().find(why) != std::string::npos) ids.insert(one["id"]);
    return ids;
  }
  std::string lab_;
};

TEST_F(Operator, ARunInHisDomainsUnderHisRoot) {
  const std::string options =
      issuer("root") + " --domain-map controls.test=lab.example --domain-map foreign.example=out.example";
  const Json made = plan(options);
  EXPECT_EQ(made["trustAnchors"], Json::array({*readFile(lab_ + "/ca/root.pem")}));
  EXPECT_THAT(made.dump(), HasSubstr("mail.lab.example"));
  EXPECT_THAT(made["tenants"].dump(), Not(HasSubstr("controls.test")));

  const Ran ran = run("run --quiet --filter 'names.dns.*' --report json:" + file("r.json") + options);
  EXPECT_EQ(ran.status, 0) << ran.output;
  const Json report = json("r.json");
  EXPECT_GT(report["summary"]["pass"], 20);
  EXPECT_THAT(report.dump(), HasSubstr("@out.example"));
  EXPECT_THAT(report.dump(), Not(HasSubstr("@foreign.example")));
}

TEST_F(Operator, WhatIsAboutTheRootIsLeftOutBelowOne) {
  const Json made = plan(issuer("named-like-a-relay", true));
  EXPECT_FALSE(dropped(made, "it is about the root").empty());
}

TEST_F(Operator, AnIssuerThatCannotIssueIsRefusedBeforeTheRun) {
  EXPECT_EQ(run("run --issuer ca.pem").status, 2);
  const Ran ran = run("run" + issuer("constrained"));
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.output, HasSubstr("permitted subtree violation"));
}

TEST_F(Operator, AForgedAddressIsNoneWhereTheRelayTakesOursInTheSameWords) {
  const std::string why = "it forges an address";
  EXPECT_TRUE(dropped(plan(""), why).empty());
  EXPECT_THAT(dropped(plan("--client-address xclient"), why), Contains("session.xclient"));
  EXPECT_THAT(dropped(plan("--client-address proxy-protocol"), why), Not(Contains("session.xclient")));
}

}  // namespace
}  // namespace relayproof
