#include "certs/describe.h"

#include <gmock/gmock.h>

#include "certs/test_support.h"

namespace relayproof::certs {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string describe(std::string_view blueprint) { return describeCertificate(issue(blueprint).leaf).value(); }

TEST(Describe, TypesAndEscapesOnALineEach) {
  const std::string text =
      describe(R"({"cn":[{"PrintableString":"a.test\u0000.b"},"Free text"],"dns":["c\u001b[31m","é"],
      "san":[{"uri":"u:v"},{"ip":"192.0.2.1"},{"email":"x@y"},{"registered":"1.2.3"},{"directory":[{"O":"o"}]},
             {"other":{"oid":"1.3.6.1.5.5.7.8.7","value":{"IA5String":"_s"}}}],"notAfter":"2051-01-01T00:00:00Z"})");
  EXPECT_THAT(text, HasSubstr("\nvalid    2020-01-01T00:00:00Z to 2051-01-01T00:00:00Z\n"));
  EXPECT_THAT(text, HasSubstr("\nsubject  O=UTF8String \"relayproof fixture\", CN=PrintableString \"a.test\\x00.b\", "
                              "CN=UTF8String \"Free text\"\n"));
  EXPECT_THAT(text, HasSubstr("\n  CN PrintableString \"a.test\\x00.b\"\n  CN UTF8String \"Free text\"\n"));
  EXPECT_THAT(text, HasSubstr("\nsubjectAltName\n  DNS-ID \"c\\x1B[31m\"\n  DNS-ID \"\\xE9\"\n  URI \"u:v\"\n"
                              "  iPAddress 192.0.2.1\n  rfc822Name \"x@y\"\n  registeredID 1.2.3\n"
                              "  directoryName O=UTF8String \"o\"\n  otherName SRV-ID IA5String \"_s\"\n"));
  EXPECT_THAT(text, HasSubstr("\nextendedKeyUsage clientAuth serverAuth\n"));
}

TEST(Describe, BrokenPartsAreSaidToBe) {
  EXPECT_THAT(describe(R"({"sanForm":"empty"})"), HasSubstr("subjectAltName\n  empty\n"));
  EXPECT_THAT(describe(R"({"sanForm":"undecodable"})"), HasSubstr("subjectAltName\n  undecodable: 300582\n"));
  EXPECT_THAT(describe(R"({"subject":[]})"), HasSubstr("\nsubject  empty\n"));
  EXPECT_THAT(describe(R"({"subject":[{"CN":"a","O":"b"}]})"), HasSubstr("CN=UTF8String \"a\" + O=UTF8String \"b\"\n"));
  EXPECT_THAT(describe(R"({"subject":[{"CN":{"tagged":{"tag":"0c","length":"8101","value":"a"}}}]})"),
              HasSubstr("\nsubject  undecodable: \"0\\x0D1\\x0B0\\x09\\x06\\x03U\\x04\\x03\\x0C\\x81\\x01a\"\n"));
  EXPECT_FALSE(describeCertificate("rubbish"));
}

TEST(Describe, MarksWhatDeviates) {
  const std::string plain = issue("{}").leaf;
  const auto marked = [&](std::string_view blueprint) {
    return describeDeviation(issue(blueprint).leaf, plain).value();
  };
  EXPECT_THAT(marked("{}"), Not(HasSubstr(">")));
  const std::string text = marked(R"({"dns":["a.test"],"keyUsage":["keyCertSign","cRLSign"],"ca":true})");
  EXPECT_THAT(text, HasSubstr(">   DNS-ID \"a.test\"\n"));
  EXPECT_THAT(text, HasSubstr("> keyUsage, critical, keyCertSign cRLSign\n"));
  EXPECT_THAT(text, HasSubstr("> basicConstraints, critical, CA\n"));
  EXPECT_THAT(text, HasSubstr("\n  subject  "));
  EXPECT_THAT(marked(R"({"extendedKeyUsage":null})"), HasSubstr("> no extendedKeyUsage\n"));
  EXPECT_FALSE(describeDeviation("rubbish", plain));
}

TEST(Describe, EveryOctetReplacedIsSurvived) {
  const std::string leaf =
      issue(R"({"cn":"a","dns":["b"],"san":[{"directory":[{"O":"o"}]},{"other":{"oid":"1.2","value":"v"}}]})").leaf;
  for (std::size_t at = 0; at < leaf.size(); ++at)
    for (const char value : {'\x00', '\x1f', '\x80', '\xff'}) {
      std::vector<char> changed(leaf.begin(), leaf.end());
      changed[at] = value;
      (void)describeCertificate({changed.data(), changed.size()});
    }
}

}  // namespace
}  // namespace relayproof::certs
