#include "runners/reference/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runners/reference/test_tenancy.h"

namespace relayproof::reference {
namespace {

using testing::contosoAddress;
using testing::strangersAddress;

Path path(std::string text) {
  const std::size_t at = text.rfind('@');
  std::string domain = at == std::string::npos ? "" : foldCase(text.substr(at + 1));
  return {std::move(text), std::move(domain), {}};
}

// "relay contoso 3b,3a", "deliver contoso", "deny 550 5.7.64".
std::string said(const Decision& decision) {
  if (decision.verdict == Verdict::deny) return "deny " + decision.refusal.substr(0, 10);
  std::string basis;
  for (const std::string& each : decision.basis) basis += (basis.empty() ? " " : ",") + each;
  return (decision.verdict == Verdict::deliver ? "deliver " : "relay ") + decision.tenant + basis;
}

struct Facts {
  std::vector<std::string> dnsNames;
  std::string sender = "a@foreign.test";
  std::string recipient = "b@elsewhere.test";
  std::uint32_t address = strangersAddress;
  bool tls = true;
};

std::string decided(const Tenancy& tenancy, const Facts& facts, const Behaviour& behaviour = {}) {
  const Peer peer{facts.address, facts.tls, identify({{}, facts.dnsNames, false}, behaviour), "ehlo.test"};
  return said(decide(tenancy, behaviour, peer, {path(facts.sender), "", ""}, path(facts.recipient)));
}

TEST(Decision, FollowsTheRule) {
  const std::string denied = "deny 550 5.7.64";
  const std::pair<Facts, std::string> rows[] = {
      {{{}}, denied},
      {{{}, "", "b@CONTOSO.test"}, "deliver contoso"},
      {{{}, "a@foreign.test", "b@sub.contoso.test"}, denied},
      {{{}, "a@foreign.test", "b@deep.sub.northwind.test"}, "deliver northwind"},
      {{{}, "a@foreign.test", "b@evilcontoso.test"}, denied},
      {{{}, "a@foreign.test", "pOstmaster"}, "deliver "},
      // 3b by an exact connector: the host itself is registered
      {{{"relay.contoso.test"}}, "relay contoso 3b"},
      {{{"relay.contoso.test"}, ""}, "relay contoso 3b"},
      {{{"relay.contoso.test"}, "a@contoso.test"}, "relay contoso 3b,3a"},
      {{{"*.contoso.test"}, ""}, "relay contoso 3b"},
      // … or not
      {{{"mail.contoso.test"}}, denied},
      {{{"mail.contoso.test"}, ""}, denied},
      {{{"mail.contoso.test"}, "a@contoso.test"}, "relay contoso 3a"},
      {{{"mail.contoso.test"}, "a@sub.contoso.test"}, denied},
      {{{"mail.contoso.test"}, "a@evilcontoso.test"}, denied},
      {{{"mail.contoso.test"}, "a@fabrikam.test"}, denied},
      // 3b by a wildcard connector: the domain is registered
      {{{"host.fabrikam.test"}}, "relay fabrikam 3b"},
      {{{"fabrikam.test"}}, "relay fabrikam 3b"},
      {{{"*.deep.fabrikam.test"}}, "relay fabrikam 3b"},
      // disabled, Partner
      {{{"off.contoso.test"}}, denied},
      {{{"partner.northwind.test"}}, denied},
      // by address: 3a alone, unless a presented name is registered (3b-2023)
      {{{}, "a@contoso.test", "b@elsewhere.test", contosoAddress}, "relay contoso 3a"},
      {{{}, "", "b@elsewhere.test", contosoAddress}, denied},
      {{{}, "a@foreign.test", "b@elsewhere.test", contosoAddress}, denied},
      {{{"off.contoso.test"}, "", "b@elsewhere.test", contosoAddress}, "relay contoso 3b-2023"},
      {{{"mail.contoso.test"}, "", "b@elsewhere.test", contosoAddress}, denied},
      {{{"evil.test"}, "a@contoso.test", "b@elsewhere.test", contosoAddress}, "relay contoso 3a"},
      {{{"relay.contoso.test"}, "a@contoso.test", "b@elsewhere.test", contosoAddress}, "relay contoso 3b,3a,3b-2023"},
      // two tenants: the sender's, else the exact connector, else nobody
      {{{"relay.contoso.test", "host.fabrikam.test"}, "a@fabrikam.test"}, "relay fabrikam 3b,3a"},
      {{{"relay.contoso.test", "host.fabrikam.test"}}, "relay contoso 3b"},
      // associated domains bind
      {{{"gate.northwind.test"}, "a@northwind.test"}, "relay northwind 3a"},
      {{{"gate.northwind.test"}, "a@sub.northwind.test"}, denied},
      // a partner's connector
      {{{}, "a@partner.example", "b@northwind.test"}, "deny 550 5.7.51"},
      {{{"partner.northwind.test"}, "a@partner.example", "b@northwind.test"}, "deliver northwind"},
      {{{"gate.northwind.test"}, "a@partner.example", "b@northwind.test"}, "deliver northwind"},
      {{{}, "a@other.example", "b@northwind.test"}, "deliver northwind"},
      {{{}, "", "b@northwind.test"}, "deliver northwind"},
  };
  const Tenancy tenancy = testing::tenancy();
  for (const auto& [facts, expected] : rows) {
    EXPECT_EQ(decided(tenancy, facts), expected)
        << ::testing::PrintToString(facts.dnsNames) << " <" << facts.sender << "> <" << facts.recipient << ">";
  }
}

TEST(Decision, LeavesTwoTenantsOpenUnderDeny) {
  Behaviour behaviour;
  behaviour.tenantConflict = TenantConflict::deny;
  EXPECT_EQ(decided(testing::tenancy(), {{"relay.contoso.test", "host.fabrikam.test"}, "a@fabrikam.test"}, behaviour),
            "deny 550 5.7.64");
}

TEST(Decision, LeavesEqualEvidenceOpen) {
  const auto loaded = loadTenancy(R"({"tenants":[
    {"id":"one","acceptedDomains":[{"name":"one.test"}],"inboundConnectors":[{"tlsSenderCertificateName":"*.one.test"}]},
    {"id":"two","acceptedDomains":[{"name":"two.test"}],"inboundConnectors":[{"tlsSenderCertificateName":"*.two.test"}]},
    {"id":"low","acceptedDomains":[{"name":"sub.two.test"}],"inboundConnectors":[{"tlsSenderCertificateName":"*.sub.two.test"}]}]})",
                                  ".");
  const auto& tenancy = std::get<Tenancy>(loaded);
  EXPECT_EQ(decided(tenancy, {{"a.one.test", "a.two.test"}}), "deny 550 5.7.64");
  EXPECT_EQ(decided(tenancy, {{"a.sub.two.test"}}), "relay low 3b");
  EXPECT_EQ(decided(tenancy, {{"a.sub.two.test"}, "x@two.test"}), "relay two 3b,3a");
}

TEST(Decision, RegistersByTheOption) {
  Behaviour behaviour;
  behaviour.conditions = Conditions::samePair;
  const Tenancy tenancy = testing::tenancy();
  const Facts parent{{"mail.contoso.test"}};
  const Facts deep{{"a.b.fabrikam.test"}};
  behaviour.registration = Registration::presentedOrParent;
  EXPECT_EQ(decided(tenancy, parent, behaviour), "relay contoso 3b");
  EXPECT_EQ(decided(tenancy, deep, behaviour), "deny 550 5.7.64");
  behaviour.registration = Registration::both;
  EXPECT_EQ(decided(tenancy, parent, behaviour), "deny 550 5.7.64");
  EXPECT_EQ(decided(tenancy, deep, behaviour), "deny 550 5.7.64");
  EXPECT_EQ(decided(tenancy, {{"a.fabrikam.test"}}, behaviour), "relay fabrikam 3b");
}

TEST(Decision, AddsConditionsByTheOption) {
  const Tenancy tenancy = testing::tenancy();
  const Facts byAddress{{"off.contoso.test"}, "", "b@elsewhere.test", contosoAddress};
  const Facts byParent{{"x.contoso.test"}, "", "b@elsewhere.test", contosoAddress};
  const Facts another{{"mail.contoso.test", "off.contoso.test"}, ""};
  const std::string denied = "deny 550 5.7.64";
  const std::tuple<Conditions, std::string, std::string, std::string> rows[] = {
      {Conditions::samePair, denied, denied, denied},
      {Conditions::address, "relay contoso 3b-2023", denied, denied},
      {Conditions::addressOrParent, "relay contoso 3b-2023", "relay contoso 3b-2023", denied},
      {Conditions::independent, "relay contoso 3b-2023", denied, "relay contoso 3b-2023"},
  };
  for (const auto& [conditions, address, parent, other] : rows) {
    Behaviour behaviour;
    behaviour.conditions = conditions;
    EXPECT_EQ(decided(tenancy, byAddress, behaviour), address);
    EXPECT_EQ(decided(tenancy, byParent, behaviour), parent);
    EXPECT_EQ(decided(tenancy, another, behaviour), other);
  }
}

TEST(Decision, BindsAPartnerByAddressAndTls) {
  const auto partner = [](const std::string& more) {
    return std::get<Tenancy>(
        loadTenancy(R"({"tenants":[{"id":"t","acceptedDomains":[{"name":"t.test"}],"inboundConnectors":[
      {"connectorType":"Partner",)" +
                        more + "}]}]}",
                    "."));
  };
  Facts facts{{}, "a@foreign.test", "b@t.test"};
  const Tenancy address = partner(R"("senderIPAddresses":["127.0.1.0/24"],"restrictDomainsToIPAddresses":true)");
  EXPECT_EQ(decided(address, facts), "deliver t");
  facts.address = contosoAddress;
  EXPECT_EQ(decided(address, facts), "deny 550 5.7.51");
  const Tenancy tls = partner(R"("requireTls":true)");
  EXPECT_EQ(decided(tls, facts), "deliver t");
  facts.tls = false;
  EXPECT_EQ(decided(tls, facts), "deny 550 5.7.51");
}

TEST(Decision, TakesTheHeaderFromByTheOption) {
  Behaviour behaviour;
  const Peer peer{contosoAddress, false, {}, ""};
  const Envelope envelope{path(""), "contoso.test", ""};
  EXPECT_EQ(said(decide(testing::tenancy(), behaviour, peer, envelope, path("b@elsewhere.test"))), "deny 550 5.7.64");
  behaviour.senderIdentity = SenderIdentity::envelopeOrHeader;
  EXPECT_EQ(said(decide(testing::tenancy(), behaviour, peer, envelope, path("b@elsewhere.test"))), "relay contoso 3a");
}

}  // namespace
}  // namespace relayproof::reference
