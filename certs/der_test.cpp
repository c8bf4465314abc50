#include "certs/der.h"

#include <gmock/gmock.h>

#include "certs/digest.h"

namespace relayproof::certs {
namespace {

std::string octets(std::string_view text) { return std::string(text); }

TEST(Der, LengthsAreMinimal) {
  EXPECT_EQ(hex(der::tlv(der::kOctetString, std::string(127, 'a'))).substr(0, 4), "047f");
  EXPECT_EQ(hex(der::tlv(der::kOctetString, std::string(128, 'a'))).substr(0, 6), "048180");
  EXPECT_EQ(hex(der::tlv(der::kOctetString, std::string(65536, 'a'))).substr(0, 10), "0483010000");
}

TEST(Der, IntegersStayPositiveAndShort) {
  EXPECT_EQ(hex(der::unsignedInteger({})), "020100");
  EXPECT_EQ(hex(der::unsignedInteger(octets("\x7f"))), "02017f");
  EXPECT_EQ(hex(der::unsignedInteger(octets("\x80"))), "02020080");
  EXPECT_EQ(hex(der::unsignedInteger(std::string("\0\0\x01", 3))), "020101");
}

TEST(Der, NamedBitsDropTrailingZeros) {
  EXPECT_EQ(hex(der::namedBits(1U << 0)), "03020780");
  EXPECT_EQ(hex(der::namedBits((1U << 5) | (1U << 6))), "03020106");
  EXPECT_EQ(hex(der::namedBits(1U << 8)), "0303070080");
  EXPECT_EQ(hex(der::namedBits(0)), "030100");
}

TEST(Der, TimesChangeTheirFormIn2050) {
  EXPECT_EQ(der::time(1'577'836'800), octets("\x17\x0d") + "200101000000Z");
  EXPECT_EQ(der::time(2'524'607'999), octets("\x17\x0d") + "491231235959Z");
  EXPECT_EQ(der::time(2'524'608'000), octets("\x18\x0f") + "20500101000000Z");
  EXPECT_EQ(der::time(-631'152'000), octets("\x17\x0d") + "500101000000Z");
}

TEST(Der, ObjectIdentifiersThereAndBack) {
  for (const char* dotted :
       {"2.5.4.3", "1.3.6.1.5.5.7.8.7", "0.9.2342.19200300.100.1.25", "2.999.4294967295", "1.39"}) {
    const auto content = der::oidContent(dotted);
    ASSERT_TRUE(content) << dotted;
    EXPECT_EQ(der::oidText(*content), dotted);
  }
  EXPECT_EQ(hex(der::oid("1.2.840.10045.2.1")), "06072a8648ce3d0201");
  for (const char* wrong : {"", "1", "1.", ".1", "3.1", "1.40", "1.2.x", "1..2", "1.2.4294967296", "1.2 ", "-1.2"})
    EXPECT_FALSE(der::oidContent(wrong)) << wrong;
  for (const std::string& wrong : {std::string(), octets("\x55\x84"), octets("\x55\x80\x01"), std::string(20, '\xff')})
    EXPECT_EQ(der::oidText(wrong), "") << hex(wrong);
}

TEST(DerReader, RefusesWhatDerForbids) {
  const auto element = [](std::string_view text) { return der::Reader(text).next(); };
  EXPECT_FALSE(element(""));
  EXPECT_FALSE(element("\x30"));
  EXPECT_FALSE(element("\x30\x80"));  // indefinite
  EXPECT_FALSE(
      element("\x04\x81\x01"
              "a"));                                               // longer form than needed
  EXPECT_FALSE(element(std::string_view("\x04\x82\x00\x80", 4)));  // leading zero
  EXPECT_FALSE(element("\x04\x85\x01\x01\x01\x01\x01"));           // more octets than a length may have
  EXPECT_FALSE(element("\x1f\x81\x01\x01"));                       // high tag number
  EXPECT_FALSE(
      element("\x04\x02"
              "a"));  // more promised than there
  EXPECT_FALSE(element("\x04\x84\xff\xff\xff\xff"));
  ASSERT_TRUE(element(std::string_view("\x04\x00", 2)));
  EXPECT_EQ(element("\x04\x01"
                    "ab")
                ->content,
            "a");
}

TEST(DerReader, LeavesWhatItDoesNotTake) {
  der::Reader reader(std::string_view("\x02\x01\x05\x04\x01x\x04", 7));
  EXPECT_FALSE(reader.next(der::kOctetString));
  ASSERT_TRUE(reader.next(der::kInteger));
  ASSERT_TRUE(reader.next());
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.rest(), "\x04");
  EXPECT_FALSE(der::only(std::string_view("\x02\x01\x05\x00", 4), der::kInteger));
}

}  // namespace
}  // namespace relayproof::certs
