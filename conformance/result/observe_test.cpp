#include "conformance/result/observe.h"

#include <gmock/gmock.h>

namespace relayproof::result {
namespace {

using session::End;
using session::Record;
using session::SinkMessage;
using session::Stage;
using session::TransactionRecord;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kSender = "rp-1@foreign.example";
const std::string kExternal = "rp-1@elsewhere.example";

wire::Reply reply(int code, const std::string& enhanced = "", const std::string& text = "text") {
  return {code, enhanced, {enhanced.empty() ? text : enhanced + " " + text}};
}

/// A transaction in which the replies up to and with the last given one came.
TransactionRecord transaction(const std::vector<wire::Reply>& replies, const std::string& sender = kSender,
                              const std::string& recipient = kExternal) {
  TransactionRecord made;
  made.mailFrom = sender;
  made.recipients = {recipient};
  made.rcpt.resize(1);
  if (!replies.empty()) made.mail = replies[0];
  if (replies.size() > 1) made.rcpt[0] = replies[1];
  if (replies.size() > 2) made.data = replies[2];
  if (replies.size() > 3) made.endOfData = replies[3];
  return made;
}

const std::vector<wire::Reply> kAccepted = {reply(250), reply(250), reply(354), reply(250, "2.0.0")};
const std::vector<wire::Reply> kDenied = {reply(250), reply(550, "5.7.64")};

Record record(std::vector<TransactionRecord> transactions) {
  Record made;
  made.source = "127.0.0.1";
  made.tls.outcome = session::TlsRecord::Outcome::ok;
  made.tls.version = "TLSv1.3";
  made.tls.certificateRequested = true;
  made.tls.chainSent = {"leaf", "intermediate"};
  made.transactions = std::move(transactions);
  return made;
}

Record ended(Record made, End end, Stage stage) {
  made.end = end;
  made.endedAt = stage;
  made.endText = "how it ended";
  return made;
}

Session observed(const Record& from, const PassedOn& passedOn = {}, const std::set<std::size_t>& smuggled = {}) {
  return observe(from, "names.dns.exact", {"leaf", "intermediate"}, passedOn, "X-Tenant", smuggled);
}

const Observed& only(const Session& session) { return session.transactions.at(0).recipients.at(0).observed; }

std::string words(const Observed& seen) {
  return seen.verdict + " " + seen.stage + (seen.code ? " " + std::to_string(seen.code) : "");
}

struct ObservedRow {
  Record record;
  std::string seen;
};

TEST(Observe, VerdictAndStage) {
  Record refused421 = ended(record({transaction({})}), End::stopped, Stage::afterTls);
  refused421.tls.outcome = session::TlsRecord::Outcome::refused;
  refused421.lastReply = reply(421, "4.7.1");
  Record refusedAlert = ended(record({transaction({})}), End::dropped, Stage::tls);
  refusedAlert.tls.outcome = session::TlsRecord::Outcome::refused;
  refusedAlert.tls.alert = "bad_certificate";
  Record busy = ended(record({transaction({})}), End::stopped, Stage::greeting);
  busy.lastReply = reply(421, "4.3.2");
  Record noService = busy;
  noService.lastReply = reply(554);
  Record noTls = ended(record({transaction({})}), End::stopped, Stage::starttls);
  noTls.lastReply = reply(454, "4.7.0");
  TransactionRecord bdat = transaction({reply(250), reply(250)});
  bdat.endOfData = reply(250);

  const ObservedRow rows[] = {
      {record({transaction(kAccepted)}), "accept end-of-data 250"},
      {record({bdat}), "accept end-of-data 250"},
      {record({transaction({reply(550, "5.7.64")})}), "deny mail 550"},
      {record({transaction(kDenied)}), "deny rcpt 550"},
      {record({transaction({reply(250), reply(250), reply(554)})}), "deny data 554"},
      {record({transaction({reply(250), reply(250), reply(354), reply(550, "5.7.64")})}), "deny end-of-data 550"},
      {record({transaction({reply(250), reply(450)})}), "defer rcpt 450"},
      {record({transaction({reply(451)})}), "defer mail 451"},
      {record({transaction({reply(250), reply(250), reply(250)})}), "protocol-error data 250"},
      {record({transaction({reply(250), reply(354)})}), "protocol-error rcpt 354"},
      {record({transaction({reply(250), reply(250)})}), "not-reached rcpt 250"},
      {refused421, "refuse-tls tls 421"},
      {refusedAlert, "refuse-tls tls"},
      {busy, "defer connect 421"},
      {noService, "not-reached connect 554"},
      {noTls, "defer starttls 454"},
      {ended(record({transaction({reply(250)})}), End::dropped, Stage::rcpt), "drop rcpt"},
      {ended(record({transaction({reply(250), reply(250), reply(354)})}), End::dropped, Stage::endOfData),
       "drop end-of-data"},
      {ended(record({transaction({})}), End::timeout, Stage::greeting), "timeout connect"},
      {ended(record({transaction({reply(250)})}), End::protocolError, Stage::rcpt), "protocol-error rcpt"},
      {ended(record({transaction({})}), End::unreachable, Stage::connect), "not-reached connect"},
      // What was answered before the end stands.
      {ended(record({transaction(kDenied)}), End::dropped, Stage::quit), "deny rcpt 550"},
  };
  for (const ObservedRow& row : rows) EXPECT_EQ(words(only(observed(row.record))), row.seen);
}

TEST(Observe, TheEndBelongsToTheTransactionThatAwaitedIt) {
  const Session seen = observed(
      ended(record({transaction(kAccepted), transaction({reply(250)}), transaction({})}), End::dropped, Stage::rcpt));
  EXPECT_EQ(words(seen.transactions[0].recipients[0].observed), "accept end-of-data 250");
  EXPECT_EQ(words(seen.transactions[1].recipients[0].observed), "drop rcpt");
  EXPECT_EQ(seen.transactions[2].recipients[0].observed.verdict, "not-reached");
  EXPECT_EQ(seen.end, (Ending{"dropped", "rcpt", "how it ended"}));
}

TEST(Observe, RecipientsOfOneTransactionEachHaveTheirOwnReply) {
  TransactionRecord mixed = transaction(kAccepted);
  mixed.recipients.push_back("b@contoso.test");
  mixed.rcpt.push_back(reply(550, "5.7.64"));
  const Session seen = observed(record({mixed}));
  EXPECT_EQ(words(seen.transactions[0].recipients[0].observed), "accept end-of-data 250");
  EXPECT_EQ(words(seen.transactions[0].recipients[1].observed), "deny rcpt 550");
}

TEST(Observe, ChainIsComparedOctetForOctet) {
  Record one = record({});
  EXPECT_TRUE(observed(one).chainArrived);
  one.tls.chainSent = {"leaf"};
  EXPECT_FALSE(observed(one).chainArrived);
  one.tls.chainSent.clear();
  EXPECT_TRUE(observe(one, std::nullopt, {}, {}, "").chainArrived);
}

TEST(Observe, ReplyTextIsEscaped) {
  const Session seen =
      observed(record({transaction({reply(250), reply(550, "5.7.64", std::string("a\0\x1b\xff", 4))})}));
  EXPECT_EQ(only(seen).text, "a\\x00\\x1B\\xFF");
  EXPECT_EQ(only(seen).enhanced, "5.7.64");
}

SinkMessage message(const std::string& recipient, const std::string& sender = kSender,
                    const std::string& header = "X-Tenant: contoso\r\n") {
  return {sender, {recipient}, header + "Subject: rp-1\r\n\r\nX-Tenant: in the body\r\n", {}};
}

PassedOn sinks(std::vector<SinkMessage> nextHop, std::vector<SinkMessage> localHop = {}) {
  return {true, true, std::move(nextHop), std::move(localHop)};
}

std::string passedOnWith(const PassedOn& passedOn, const std::vector<wire::Reply>& replies = kAccepted,
                         const std::string& recipient = kExternal) {
  return only(observed(record({transaction(replies, kSender, recipient)}), passedOn)).passedOn.value_or("null");
}

TEST(Observe, PassedOn) {
  EXPECT_EQ(passedOnWith({}), "null");
  EXPECT_EQ(passedOnWith(sinks({})), "none");
  EXPECT_EQ(passedOnWith(sinks({message(kExternal)})), "next-hop");
  EXPECT_EQ(passedOnWith(sinks({}, {message(kExternal)})), "local-hop");
  EXPECT_EQ(passedOnWith(sinks({message(kExternal), message(kExternal)})), "twice");
  EXPECT_EQ(passedOnWith(sinks({message(kExternal)}, {message(kExternal)})), "twice");
  EXPECT_EQ(passedOnWith(sinks({message(kExternal)}), kDenied), "next-hop") << "denied and passed on";
  EXPECT_EQ(passedOnWith(sinks({message(kExternal, "srs0=x@relay.example")})), "next-hop") << "a rewritten sender";
}

TEST(Observe, ABounceIsALateDenial) {
  EXPECT_EQ(passedOnWith(sinks({message(kSender, "")})), "late-denial");
  EXPECT_EQ(passedOnWith(sinks({message(kSender, "")}), kDenied), "none");
  EXPECT_EQ(passedOnWith(sinks({message(kSender, ""), message(kExternal)})), "next-hop");
  EXPECT_THAT(observed(record({transaction(kAccepted)}), sinks({message(kSender, "")})).strays, IsEmpty());
}

TEST(Observe, NullSendersMailIsNoBounce) {
  const Session seen = observed(record({transaction(kAccepted, "")}), sinks({message(kExternal, "")}));
  EXPECT_EQ(only(seen).passedOn, "next-hop");
  EXPECT_THAT(seen.strays, IsEmpty());
}

TEST(Observe, AddressesAreComparedAsRelaysMayWriteThem) {
  const auto arrives = [](const std::string& sent, const std::string& arrived) {
    return passedOnWith(sinks({message(arrived)}), kAccepted, sent);
  };
  EXPECT_EQ(arrives("User@Elsewhere.Example", "user@elsewhere.example"), "next-hop");
  EXPECT_EQ(arrives("\"user\"@elsewhere.example", "user@elsewhere.example"), "next-hop");
  EXPECT_EQ(arrives("\"a\\\"b\"@elsewhere.example", "\"a\\\"b\"@elsewhere.example"), "next-hop");
  EXPECT_EQ(arrives("\"a@b\"@elsewhere.example", "\"a\\@b\"@elsewhere.example"), "next-hop");
  EXPECT_EQ(arrives("\"a@b\"@elsewhere.example", "a@b@elsewhere.example"), "none") << "unquoted it is another address";
  EXPECT_EQ(arrives("@contoso.test:user@elsewhere.example", "user@elsewhere.example"), "next-hop");
  EXPECT_EQ(arrives("Postmaster", "postmaster@relay.example"), "next-hop");
  EXPECT_EQ(arrives("a@xn--bcher-kva.example", "a@b\u00FCcher.example"), "next-hop");
  EXPECT_EQ(arrives("a@mx.xn--bcher-kva.example", "a@mx.b\u00FCcher.example"), "next-hop");
  EXPECT_EQ(arrives("a@xn--tda.example", "a@\u00FC.example"), "next-hop");
  EXPECT_EQ(arrives("a@xn--bcher-kva.example", "a@b\u00FCche.example"), "none");
  EXPECT_EQ(arrives("a@xn--bcher-kva.example", "a@bcher.example"), "none");
  EXPECT_EQ(arrives("a@xn--bcher-kva.example", "a@bucher.example"), "none");
  EXPECT_EQ(arrives("a@xn--bcher-kva.example", "a@b\u00FCcher.example.test"), "none");
  EXPECT_EQ(arrives("a@xn--bcher-kva.example", "b@b\u00FCcher.example"), "none");
  EXPECT_EQ(arrives("a@bcher.example", "a@b\u00FCcher.example"), "none");
  EXPECT_EQ(arrives("user@elsewhere.example", "user@elsewhere.example.test"), "none");
}

TEST(Observe, StraysAreRecipientsThatNobodyNamed) {
  const Session seen = observed(record({transaction(kAccepted, kSender, "user%elsewhere.example@contoso.test")}),
                                sinks({message("user@elsewhere.example")}));
  EXPECT_EQ(only(seen).passedOn, "none");
  EXPECT_THAT(seen.strays, ElementsAre("user@elsewhere.example"));
}

TEST(Observe, TransactionsToOneAddressShareNoMessage) {
  const Record two = record({transaction(kAccepted), transaction(kAccepted)});
  const auto passedOn = [](const Session& seen, std::size_t t) {
    return seen.transactions[t].recipients[0].observed.passedOn.value_or("null");
  };
  Session seen = observed(two, sinks({message(kExternal), message(kExternal)}));
  EXPECT_EQ(passedOn(seen, 0) + " " + passedOn(seen, 1), "next-hop next-hop");
  seen = observed(two, sinks({message(kExternal)}));
  EXPECT_EQ(passedOn(seen, 0) + " " + passedOn(seen, 1), "next-hop none");
  seen = observed(two, sinks({message(kExternal), message(kExternal), message(kExternal)}));
  EXPECT_THAT(passedOn(seen, 0) + " " + passedOn(seen, 1), testing::HasSubstr("twice"));

  const Record deniedFirst = record({transaction(kDenied, "a@foreign.example"), transaction(kAccepted)});
  seen = observed(deniedFirst, sinks({message(kExternal, kSender)}));
  EXPECT_EQ(passedOn(seen, 0) + " " + passedOn(seen, 1), "none next-hop");
  seen = observed(deniedFirst, sinks({message(kExternal, "a@foreign.example")}));
  EXPECT_EQ(passedOn(seen, 0) + " " + passedOn(seen, 1), "next-hop none");
}

TEST(Observe, TenantByTheRelaysMark) {
  const auto tenant = [](const std::string& header) {
    const PassedOn passedOn = sinks({message(kExternal, kSender, header)});
    return only(observed(record({transaction(kAccepted)}), passedOn)).tenant.value_or("null");
  };
  EXPECT_EQ(tenant("X-Tenant: contoso\r\n"), "contoso");
  EXPECT_EQ(tenant("x-tenant:\r\n contoso\r\n"), "contoso");
  EXPECT_EQ(tenant(""), "null") << "what stands in the body is no mark";
  EXPECT_EQ(tenant("X-Tenant-Other: x\r\n"), "null");
  EXPECT_EQ(tenant("X-Tenant \t: contoso\r\n"), "contoso");
  EXPECT_EQ(tenant(": contoso\r\n"), "null");
  EXPECT_EQ(tenant("X-Tenant\r\n"), "null");
  EXPECT_EQ(tenant("X-Tenant: contoso\r\nX-Tenant: contoso\r\n"), "contoso");
  EXPECT_EQ(tenant("X-Tenant: contoso\r\nX-Tenant: fabrikam\r\n"), "contoso, fabrikam");
}

TEST(Observe, AMarkThatTheClientWrote) {
  PassedOn passedOn = sinks({message(kExternal, kSender, "X-Tenant: contoso\r\nX-Tenant: fabrikam\r\n")});
  const auto forged = [&](const std::string& sent) {
    passedOn.sent = {sent};
    return only(observed(record({transaction(kAccepted)}), passedOn)).forgedMark;
  };
  EXPECT_TRUE(forged("x-tenant: fabrikam\r\n\r\n"));
  EXPECT_FALSE(forged("X-Tenant: adatum\r\n\r\n"));
  EXPECT_FALSE(forged("\r\nX-Tenant: fabrikam\r\n"));
}

TEST(Observe, SmuggledTransactionsAreSeenBySinksAlone) {
  const Record one = record({transaction(kAccepted), transaction({}, kSender, "victim@elsewhere.example")});
  const auto second = [](const Session& seen) { return seen.transactions[1].recipients[0].observed; };
  EXPECT_EQ(second(observed(one, sinks({message(kExternal)}), {1})).verdict, "not-reached");
  const Session seen = observed(one, sinks({message(kExternal), message("victim@elsewhere.example")}), {1});
  EXPECT_EQ(second(seen).verdict, "accept");
  EXPECT_EQ(second(seen).passedOn, "next-hop");
  EXPECT_TRUE(seen.transactions[1].smuggled);
  EXPECT_THAT(seen.strays, IsEmpty());
}

TEST(Observe, AgainIsAsIfItHadBeenTheFirstTime) {
  const Record from = record({transaction(kAccepted), transaction({}, kSender, "rp-1@contoso.test")});
  PassedOn nothing = sinks({}), one = sinks({message(kExternal)}),
           all = sinks({message(kExternal), message("rp-1@contoso.test"), message("x@stray.example")}),
           twice = sinks({message(kExternal), message(kExternal)});
  one.sent = {"X-Tenant: contoso\r\nSubject: rp-1\r\n\r\na line that the copy lacks\r\n"};
  all.nextHop[0].bareLineEnds = {"a\\nb"};
  for (const PassedOn& first : {nothing, one, all, twice}) {
    for (const PassedOn& second : {nothing, one, all, twice}) {
      Session again = observed(from, first, {1});
      observeAgain(again, second, "X-Tenant");
      const Session afresh = observed(from, second, {1});
      EXPECT_EQ(again.transactions, afresh.transactions);
      EXPECT_EQ(again.watched, afresh.watched);
      EXPECT_EQ(again.strays, afresh.strays);
      EXPECT_EQ(again.lostLines, afresh.lostLines);
      EXPECT_EQ(again.mergedMessages, afresh.mergedMessages);
      EXPECT_EQ(again.bareLineEnds, afresh.bareLineEnds);
    }
  }
}

TEST(Observe, LinesThatACopyLacks) {
  SinkMessage copy = message(kExternal);
  copy.data = "X: y\r\n\r\nfirst line\r\n";
  PassedOn passedOn = sinks({copy});
  passedOn.sent = {"X: y\r\n\r\nfirst line\r\nlast line\r\n"};
  EXPECT_THAT(observed(record({transaction(kAccepted)}), passedOn).lostLines, testing::ElementsAre("last line"));
  EXPECT_THAT(observed(record({transaction(kAccepted)}), passedOn, {0}).lostLines, IsEmpty()) << "smuggled";
  passedOn.sent = {"X: y\r\n\r\nfirst line\r\n"};
  EXPECT_THAT(observed(record({transaction(kAccepted)}), passedOn).lostLines, IsEmpty());
}

TEST(Observe, RefusedTlsIsTheAnswerToEveryTransaction) {
  Record refused = ended(record({transaction({}), transaction({})}), End::dropped, Stage::tls);
  refused.tls.outcome = session::TlsRecord::Outcome::refused;
  for (const Transaction& each : observed(refused).transactions)
    EXPECT_EQ(words(each.recipients.at(0).observed), "refuse-tls tls");
}

TEST(Observe, TwoMessagesInOne) {
  SinkMessage copy = message(kExternal);
  copy.data = "Message-ID: <1@a>\r\n\r\nfirst\r\nMessage-ID: <2@a>\r\n\r\nsecond\r\n";
  PassedOn passedOn = sinks({copy});
  passedOn.sent = {"Message-ID: <1@a>\r\n\r\nfirst\r\n", "Message-ID: <2@a>\r\n\r\nsecond\r\n"};
  EXPECT_THAT(observed(record({transaction(kAccepted)}), passedOn).mergedMessages, ElementsAre(kExternal));
  passedOn.sent.pop_back();
  EXPECT_THAT(observed(record({transaction(kAccepted)}), passedOn).mergedMessages, IsEmpty());
}

TEST(Observe, BareLineEndsThatCameToASink) {
  SinkMessage bare = message(kExternal);
  bare.bareLineEnds = std::vector<std::string>(9, "a\\nb");
  const Session seen = observed(record({transaction(kAccepted)}), sinks({bare}));
  EXPECT_EQ(seen.bareLineEnds, std::vector<std::string>(5, "a\\nb"));
}

TEST(Observe, TlsFacts) {
  Record one = record({});
  one.tls.alert = "bad_certificate";
  one.tls.resumed = true;
  const Session seen = observed(one, {true, false, {}, {}});
  EXPECT_EQ(seen.tlsOutcome, "ok");
  EXPECT_EQ(seen.alert, "bad_certificate");
  EXPECT_TRUE(seen.resumed);
  EXPECT_TRUE(seen.certificateRequested);
  EXPECT_THAT(seen.watched, ElementsAre("next-hop"));
  one.tls.outcome = session::TlsRecord::Outcome::failed;
  EXPECT_EQ(observed(one).tlsOutcome, "none");
}

}  // namespace
}  // namespace relayproof::result
