#include "conformance/doctor/hints.h"

#include <gmock/gmock.h>

namespace relayproof::doctor {
namespace {

using testing::HasSubstr;

Refused refused(int code, const std::string& enhanced, const std::string& text, const std::string& stage) {
  Refused one;
  one.observed.verdict = code / 100 == 4 ? "defer" : "deny";
  one.observed.code = code;
  one.observed.enhanced = enhanced;
  one.observed.text = text;
  one.observed.stage = stage;
  one.expected = "relay";
  one.presentsCertificate = true;
  one.localWorks = true;
  return one;
}

TEST(Hints, RepliesTellWhatIsWrong) {
  struct Row {
    int code;
    const char* enhanced;
    const char* text;
    const char* stage;
    const char* what;
  };
  const Row rows[] = {
      Row{530, "5.7.57", "Client not authenticated to send mail", "mail", "wants a login"},
      Row{530, "5.7.0", "Authentication required", "mail", "wants a login"},
      Row{530, "5.7.0", "Must issue a STARTTLS command first", "mail", "wants TLS first"},
      Row{550, "5.1.8", "Sender domain not found", "mail", "the sender is refused"},
      Row{553, "", "sender address rejected: domain does not exist", "mail", "the sender is refused"},
      Row{550, "5.1.1", "User unknown", "rcpt", "the recipient is refused"},
      Row{550, "5.4.1", "Recipient address rejected: Access denied", "rcpt", "the recipient is refused"},
      Row{552, "5.3.4", "Message too big", "end-of-data", "the message is refused"},
      Row{554, "5.7.1", "rejected as spam", "end-of-data", "the message is refused"},
      Row{451, "4.7.1", "Greylisted", "rcpt", "put off"},
      Row{451, "4.4.1", "no route", "end-of-data", "cannot reach the server"},
      Row{550, "5.7.64", "Relay Access Denied ATTR36", "rcpt", "neither the right certificate nor the right address"},
      Row{554, "5.7.1", "Relay access denied", "rcpt", "neither the right certificate nor the right address"}};
  for (const Row& row : rows) {
    const Hint hint = hintFor(refused(row.code, row.enhanced, row.text, row.stage));
    EXPECT_THAT(hint.what, HasSubstr(row.what)) << row.code << " " << row.text;
    EXPECT_FALSE(hint.mend.empty()) << row.text;
  }
}

TEST(Hints, WhatElseWorksNarrowsADenialDown) {
  Refused one = refused(550, "5.7.64", "Relay Access Denied", "rcpt");
  one.addressWorks = true;
  EXPECT_THAT(hintFor(one).mend, HasSubstr("trust our CA"));
  one.clockIsOff = true;
  EXPECT_THAT(hintFor(one).mend, HasSubstr("clock"));
  one.clockIsOff = false;
  one.certificateWorks = true;
  EXPECT_THAT(hintFor(one).what, HasSubstr("one certificate relays and this one does not"));
  one.presentsCertificate = false;
  EXPECT_THAT(hintFor(one).what, HasSubstr("the address of a connector does not relay"));
  one.localWorks = false;
  EXPECT_THAT(hintFor(one).mend, HasSubstr("tenancy"));
  one.expected = "deliver";
  EXPECT_THAT(hintFor(one).what, HasSubstr("accepted domain is denied"));
}

TEST(Hints, TheFirstTraceFieldIsTheRelaysOwn) {
  const std::string message =
      "Return-Path: <>\r\nReceived: from a (b [10.1.2.3])\r\n\tby relay; Sun, 29 Nov 2026 19:00:00 +0100\r\n"
      "Received: from c ([192.0.2.1]) by other; Mon, 1 Jan 2024 00:00:00 +0000\r\n\r\nReceived: body\r\n";
  ASSERT_TRUE(traceOf(message));
  EXPECT_EQ(addressIn(*traceOf(message)), "10.1.2.3");
  EXPECT_EQ(timeIn(*traceOf(message)), 1795975200.0);
  EXPECT_EQ(traceOf("Subject: x\r\n\r\nReceived: from d\r\n"), std::nullopt);
  EXPECT_EQ(traceOf(""), std::nullopt);
  EXPECT_EQ(addressIn("Received: from a by b"), std::nullopt);
  EXPECT_EQ(timeIn("220 relay.test ESMTP"), std::nullopt);
  EXPECT_EQ(timeIn("99 Nov 2026 19:00:00 +0000"), std::nullopt);
}

TEST(Hints, ADistanceIsSaidInOneUnit) {
  EXPECT_EQ(apart(-180), "3 min behind");
  EXPECT_EQ(apart(3 * 3600), "3 h ahead");
  EXPECT_EQ(apart(-86400 * 365), "365 days behind");
}

}  // namespace
}  // namespace relayproof::doctor
