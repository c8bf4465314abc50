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
  /// A run against the reference relay in a process of its own, whose id is $relay.
  Ran against(const std::string& relay, const std::string& options) const {
    return shell(kProgram + " relay --listen 127.0.0.1:0 " + relay + " > " + file("said") +
                 " & export relay=$!; for i in $(seq 100); do grep -q listening " + file("said") +
                 " && break; sleep 0.1; done; " + kProgram + " run --target $(sed -n 's/listening on //p' " +
                 file("said") + ") " + options + "; status=$?; kill $relay; exit $status");
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

// The authorities bear his names too.
TEST_F(Operator, ACaseIsExplainedAsHisRelayMeetsIt) {
  const std::string options = " --domain-map pki.test=lab.example --addresses stranger=127.0.0.9";
  const Ran ran = run("explain pki.chain.authoritys-own-name --tls implicit --sni mx.lab.example" + options);
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.output, HasSubstr("CN=UTF8String \"ca.lab.example\""));
  EXPECT_THAT(ran.output, HasSubstr("DNS-ID \"www.lab.example\""));
  EXPECT_THAT(ran.output, HasSubstr("Dialogue from stranger (127.0.0.9)"));
  EXPECT_THAT(ran.output, HasSubstr("-quiet -connect 127.0.0.1:2525 -bind 127.0.0.9 -servername mx.lab.example"));
  EXPECT_THAT(ran.output, HasSubstr("--force --domain-map pki.test=lab.example --filter"));
  EXPECT_THAT(run("explain tenancy.reload.disabled" + options).output,
              HasSubstr("tenancy.reload.disabled  is left out with this set-up: "));
}

TEST_F(Operator, ARunIsJudgedAgainUnderHisIssuer) {
  const std::string report = file("r.json"), rejudge = "report rejudge " + report + " --profile exo-2023";
  const std::string options = issuer("root");
  EXPECT_EQ(run("run --quiet --filter 'names.dns.*' --report json:" + report + options).status, 0);
  EXPECT_EQ(run(rejudge + options).status, 0);
  EXPECT_THAT(run(rejudge + " --issuer /no/such.pem,/no/such.key").output, HasSubstr("/no/such.pem: cannot be read"));
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

TEST_F(Operator, ListsOfRevokedCertificatesAreServedWhereHeSays) {
  const std::string filter = " --filter pki.revocation.good --filter pki.revocation.revoked";
  EXPECT_EQ(dropped(plan("--target 127.0.0.1:25" + filter), "served nowhere").size(), 2U);
  EXPECT_EQ(dropped(plan("--target 127.0.0.1:25 --crl-address 127.0.0.1:80" + filter), "").size(), 0U);
  const auto runAgainst = [&](const std::string& profile) {
    return against("--profile " + profile, "--jobs 1 --profile strict --crl-address 127.0.0.1:0" + filter);
  };
  const Ran right = runAgainst("strict");
  EXPECT_EQ(right.status, 0) << right.output;
  EXPECT_THAT(right.output, Not(HasSubstr("No list of revoked certificates was asked for")));
  const Ran wrong =
      runAgainst(file("ignoring.json", R"({"schema": "relayproof.profile/1", "name": "ignoring", "base": "strict",
                                "options": {"revocation": ["ignore"]}})"));
  EXPECT_EQ(wrong.status, 1) << wrong.output;
  EXPECT_THAT(wrong.output, HasSubstr("No list of revoked certificates was asked for at 127.0.0.1:"));
}

TEST_F(Operator, TheTenancyIsChangedByACommandOfHis) {
  const std::string filter = " --filter 'tenancy.reload.*disabled*'";
  EXPECT_THAT(dropped(plan("--target 127.0.0.1:25" + filter), "reloadCommand says how"),
              Contains("tenancy.reload.disabled"));
  file("tenancy.json", plan(filter).dump());
  const std::string reload = " --reload-command 'stat -c %a:%n {plan} > " + file("mode") + " && cp {plan} " +
                             file("tenancy.json") + " && kill -HUP $relay'";
  const Ran right = against("--tenancy " + file("tenancy.json"), reload + filter);
  EXPECT_EQ(right.status, 0) << right.output;
  EXPECT_THAT(*readFile(file("said")), HasSubstr("reloaded " + file("tenancy.json")));
  EXPECT_TRUE(Json::parse(*readFile(file("tenancy.json"))) == plan(filter)) << "the plan is given back";
  EXPECT_THAT(*readFile(file("mode")), testing::StartsWith("600:")) << "nobody else has laid it there";
  EXPECT_THAT(*readFile(file("mode")), testing::EndsWith(".json\n"));

  const Ran wrong = against("--bug resumed-session-keeps-tenancy --tenancy " + file("tenancy.json"), reload + filter);
  EXPECT_EQ(wrong.status, 1) << wrong.output;
  EXPECT_THAT(wrong.output, HasSubstr("fail (hole) tenancy.reload.disabled-resumed"));

  const Ran useless = against("--tenancy " + file("tenancy.json"), "--reload-command 'false {plan}'" + filter);
  EXPECT_EQ(useless.status, 3) << useless.output;
  EXPECT_THAT(useless.output, HasSubstr("the command failed or took more than 60 s: false {plan}"));
}

TEST_F(Operator, AForgedAddressIsNoneWhereTheRelayTakesOursInTheSameWords) {
  const std::string why = "it forges an address";
  EXPECT_TRUE(dropped(plan(""), why).empty());
  EXPECT_THAT(dropped(plan("--client-address xclient"), why), Contains("session.xclient"));
  EXPECT_THAT(dropped(plan("--client-address proxy-protocol"), why), Not(Contains("session.xclient")));
}

TEST_F(Operator, WithoutDataNoCaseGoesFurtherByItself) {
  const std::string why = "noData stops before";
  EXPECT_TRUE(dropped(plan(""), why).empty());
  const auto left = dropped(plan("--no-data"), why);
  EXPECT_THAT(left, Contains("smuggling.lf-dot-lf"));
  EXPECT_THAT(left, Contains("transactions.chunk-without-recipient"));
  EXPECT_THAT(left, Contains("session.injected-transaction"));
  EXPECT_THAT(left, Not(Contains("transactions.in-chunks"))) << "the client itself stops there";
}

}  // namespace
}  // namespace relayproof
