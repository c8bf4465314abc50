#include "certs/blueprint.h"

#include <gmock/gmock.h>

#include "certs/certificate_walk.h"
#include "certs/der.h"
#include "certs/digest.h"
#include "certs/test_support.h"

namespace relayproof::certs {
namespace {

using testing::HasSubstr;

// Each key once, and what it puts into the certificate: hexadecimal digits that must be there.
struct Effect {
  const char* blueprint;
  const char* hex;
};
void PrintTo(const Effect& effect, std::ostream* out) { *out << effect.blueprint; }

class EachKey : public testing::TestWithParam<Effect> {};

TEST_P(EachKey, StandsInTheCertificate) {
  const std::string leaf = hex(issue(GetParam().blueprint).leaf);
  EXPECT_THAT(leaf, HasSubstr(GetParam().hex)) << GetParam().blueprint;
  EXPECT_THAT(hex(issue("{}").leaf), testing::Not(HasSubstr(GetParam().hex)));
}

INSTANTIATE_TEST_SUITE_P(
    Blueprint, EachKey,
    testing::Values(
        Effect{R"({"cn":"a.test"})", "310f300d06035504030c06612e74657374"},
        Effect{R"({"cn":["a","b"]})", "310a300806035504030c0161310a300806035504030c0162"},
        Effect{R"({"cn":{"PrintableString":"a\u0000b"}})",
               "060355040313"
               "03610062"},
        Effect{R"({"cn":{"T61String":"é"}})",
               "060355040314"
               "01e9"},
        Effect{R"({"cn":{"UTF8String":{"hex":"c080"}}})", "06035504030c02c080"},
        Effect{R"({"cn":{"BMPString":"ab"}})",
               "06035504031e"
               "0400610062"},
        Effect{R"({"cn":{"UniversalString":"a"}})",
               "06035504031c"
               "0400000061"},
        Effect{R"({"cn":{"IA5String":"a"}})",
               "060355040316"
               "0161"},
        // The attributes of one RDN stand in the order of their octets (X.690 11.6).
        Effect{R"({"subject":[{"O":"b","CN":"a"},{"1.2.3":"c"}]})",
               "3021"
               "3114"
               "300806035504030c0161"
               "3008060355040a0c0162"
               "3109"
               "3007"
               "06022a03"
               "0c0163"},
        Effect{R"({"subject":[{"emailAddress":{"IA5String":"a@b"}}]})", "06092a864886f70d0109011603614062"},
        Effect{R"({"dns":["a.test"]})",
               "0603551d1104"
               "0a3008"
               "8206612e74657374"},
        Effect{R"({"dns":["a\u0000b","é"]})",
               "30088203610062"
               "8201e9"},
        Effect{R"({"dns":[{"UTF8String":"é"}]})", "8202c3a9"}, Effect{R"({"dns":[{"hex":"00ff"}]})", "820200ff"},
        Effect{R"({"dns":["b"],"san":[{"dns":"a"}]})",
               "3006"
               "820162"
               "820161"},
        Effect{R"({"san":[{"email":"a@b"}]})", "8103614062"}, Effect{R"({"san":[{"uri":"c:d"}]})", "8603633a64"},
        Effect{R"({"san":[{"ip":"192.0.2.1"}]})", "8704c0000201"},
        Effect{R"({"san":[{"ip":"::1"}]})",
               "8710"
               "00000000000000000000000000000001"},
        Effect{R"({"san":[{"ip":{"hex":"c00002"}}]})", "8703c00002"},
        Effect{R"({"san":[{"directory":[{"CN":"d"}]}]})", "a40e300c310a300806035504030c0164"},
        Effect{R"({"san":[{"other":{"oid":"1.3.6.1.5.5.7.8.7","value":{"IA5String":"_s"}}}]})",
               "a010"
               "06082b06010505070807"
               "a004"
               "16025f73"},
        Effect{R"({"san":[{"registered":"1.2.3"}]})", "88022a03"},
        Effect{R"({"san":[{"x400":{"hex":"3000"}}]})", "a3023000"},
        Effect{R"({"san":[{"raw":{"hex":"8500"}}]})", "30028500"},
        Effect{R"({"san":[{"tagged":{"tag":"0c","value":"ab"}}]})", "0603551d11040630040c026162"},
        Effect{R"({"san":[{"tagged":{"tag":"82","length":"8101","value":"a"}}]})", "300482810161"},
        Effect{
            R"({"san":[{"tagged":{"tag":"a2","value":[{"tag":"16","value":"a"},{"tag":"16","value":{"hex":"00"}}]}}]})",
            "a206160161160100"},
        Effect{R"({"cn":{"tagged":{"tag":"2c","value":[{"tag":"0c","value":"a"}]}}})", "06035504032c030c0161"},
        Effect{R"({"subject":[{"O":{"tagged":{"tag":"04","value":"a"}}}]})", "060355040a040161"},
        Effect{R"({"extensions":[{"oid":"1.2.3","tagged":{"tag":"30","length":"80","value":""}}]})", "04023080"},
        Effect{R"({"san":[{"many":{"count":2,"dns":"h{n}.t"}}]})",
               "820468312e74"
               "820468322e74"},
        Effect{R"({"dns":["a"],"sanForm":"critical"})",
               "0603551d110101ff0405"
               "3003820161"},
        Effect{R"({"sanForm":"empty"})", "0603551d1104023000"},
        Effect{R"({"sanForm":"undecodable"})", "0603551d110403300582"},
        Effect{R"({"sanForm":"undecodable","dns":["ab"]})",
               "0603551d110405"
               "30048202"
               "61"},
        Effect{R"({"sanForm":"twice-first","dns":["a"],"sanOther":[{"dns":"b"}]})",
               "300c0603551d1104053003820161"
               "300c0603551d1104053003820162"},
        Effect{R"({"sanForm":"twice-second","dns":["a"],"sanOther":[{"dns":"b"}]})",
               "300c0603551d1104053003820162"
               "300c0603551d1104053003820161"},
        Effect{R"({"notBefore":"2021-02-03T04:05:06Z"})", "170d3231303230333034303530365a"},
        Effect{R"({"notAfter":{"UTCTime":"soon"}})", "1704736f6f6e"},
        Effect{R"({"crl":["http://a.test/"]})", "0603551d1f041830163014a012a010860e687474703a2f2f612e746573742f"},
        Effect{R"({"scheme":"sha1"})", "06072a8648ce3d0401"},
        Effect{R"({"notAfter":"9999-12-31T23:59:59Z"})", "180f39393939313233313233353935395a"},
        Effect{R"({"ca":true})",
               "300f0603551d130101ff040530030101ff"
               "300e0603551d0f0101ff040403020204"},
        Effect{R"({"extendedKeyUsage":["any","codeSigning","1.2.3"]})",
               "0603551d250416"
               "3014"
               "0604551d2500"
               "06082b06010505070303"
               "06022a03"},
        Effect{R"({"keyUsage":["digitalSignature","keyAgreement","decipherOnly"]})",
               "0603551d0f0101ff0405"
               "0303078880"},
        Effect{R"({"key":"p384"})", "06052b81040022"}, Effect{R"({"key":"ed25519"})", "300506032b6570032100"},
        Effect{R"({"key":"rsa2048"})", "300d06092a864886f70d0101010500"},
        Effect{R"({"extensions":[{"oid":"1.2.3","critical":true,"hex":"0500"}]})", "300b06022a030101ff04020500"},
        Effect{R"({"extensions":[{"oid":"2.5.29.19","hex":"3000"}]})", "30090603551d1304023000"},
        Effect{R"({"serial":{"hex":"80"}})",
               "a003020102"
               "020180"}));

TEST(Blueprint, NullLeavesAnExtensionOut) {
  const auto has = [](const char* blueprint, std::string_view oid) {
    const Fixture fixture = issue(blueprint);
    const auto view = walkCertificate(fixture.leaf).value();
    return std::any_of(view.extensions.begin(), view.extensions.end(),
                       [&](const ExtensionView& extension) { return extension.oid == oid; });
  };
  EXPECT_TRUE(has("{}", kExtendedKeyUsageOid));
  EXPECT_FALSE(has(R"({"extendedKeyUsage":null})", kExtendedKeyUsageOid));
  EXPECT_TRUE(has("{}", "\x55\x1d\x0f"));
  EXPECT_FALSE(has(R"({"keyUsage":null})", "\x55\x1d\x0f"));
  EXPECT_FALSE(has("{}", kSubjectAltNameOid));
}

TEST(Blueprint, AnExtensionReplacesTheUsualOne) {
  const Fixture fixture = issue(R"({"dns":["a.test"],"extensions":[{"oid":"2.5.29.17","hex":"0500"}]})");
  const auto view = walkCertificate(fixture.leaf).value();
  EXPECT_EQ(std::count_if(view.extensions.begin(), view.extensions.end(),
                          [](const ExtensionView& extension) { return extension.oid == kSubjectAltNameOid; }),
            1);
  EXPECT_EQ(view.extensions.back().value, std::string_view("\x05\x00", 2));
}

TEST(Blueprint, AuthoritiesKeepTheirConstraints) {
  const auto certificate = [](const char* name) { return hex(sharedMint().authorities().at(name)); };
  EXPECT_THAT(certificate("path-length-zero"), HasSubstr("0603551d130101ff040830060101ff020100"));
  EXPECT_THAT(certificate("constrained"), HasSubstr("0603551d1e0101ff"));
  EXPECT_THAT(certificate("constrained"), HasSubstr("a0143012"
                                                    "8210" +
                                                    hex("constrained.test") +
                                                    "a11b3019"
                                                    "8217" +
                                                    hex("secret.constrained.test")));
  EXPECT_THAT(certificate("server-only"), HasSubstr("0603551d25040c300a06082b06010505070301"));
  EXPECT_THAT(certificate("intermediate"), testing::Not(HasSubstr("0603551d25")));
  EXPECT_THAT(certificate("no-ca"), testing::Not(HasSubstr("0101ff040530030101ff")));
}

struct Mistake {
  const char* blueprint;
  const char* error;
};
void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.blueprint; }

class EachMistake : public testing::TestWithParam<Mistake> {};

TEST_P(EachMistake, IsNamedWithItsMend) {
  const auto fixture = tryIssue(sharedMint(), "x", GetParam().blueprint);
  ASSERT_FALSE(fixture) << GetParam().blueprint;
  EXPECT_THAT(fixture.error().text(), HasSubstr(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    Blueprint, EachMistake,
    testing::Values(
        Mistake{R"([])", "blueprint.json: must be an object"},
        Mistake{R"({"dnss":[]})", "dnss: unknown key; did you mean \"dns\"?"},
        Mistake{R"({"sameAs":"root"})", "sameAs: unknown key"}, Mistake{R"({"why":"x"})", "why: unknown key"},
        Mistake{R"({"cn":1})", "cn: is no text; write a string"},
        Mistake{R"({"cn":["a",[]]})", "cn[1]: is no text; write a string"},
        Mistake{R"({"cn":{"Utf8String":"a"}})", "cn.Utf8String: unknown string type; write"},
        Mistake{R"({"cn":{}})", "cn: must be an object with one key; write"},
        Mistake{R"({"cn":{"IA5String":"a","BMPString":"b"}})", "cn: must be an object with one key"},
        Mistake{R"({"cn":{"IA5String":"€"}})", "cn.IA5String: holds a character that IA5String cannot; use UTF8String"},
        Mistake{R"({"cn":{"BMPString":"📧"}})", "cn.BMPString: holds a character that BMPString cannot"},
        Mistake{R"({"cn":{"UTF8String":{"hex":"0"}}})", "cn.UTF8String.hex: has an odd number of digits"},
        Mistake{R"({"cn":{"UTF8String":{"hex":"zz"}}})", "cn.UTF8String.hex: is not hexadecimal"},
        Mistake{R"({"cn":{"UTF8String":{"hexx":""}}})", "cn.UTF8String.hexx: unknown key"},
        Mistake{R"({"cn":"a","subject":[]})", "cn: cannot stand beside subject; write the CN into subject"},
        Mistake{R"({"subject":[{}]})", "subject[0]: an RDN without an attribute"},
        Mistake{R"({"subject":[{"cn":"a"}]})", "subject[0].cn: unknown attribute; did you mean \"C"},
        Mistake{R"({"subject":[{"nothing like it":"a"}]})", "unknown attribute; name one of C, O"},
        Mistake{R"({"subject":{"CN":"a"}})", "subject: must be an array"},
        Mistake{R"({"dns":"a"})", "dns: must be an array"},
        Mistake{R"({"dns":["€"]})", "dns[0]: holds a character that IA5String cannot"},
        Mistake{R"({"san":[{"dnss":"a"}]})", "san[0].dnss: unknown kind of name; did you mean \"dns\"?"},
        Mistake{R"({"san":[{"nothing like it":"a"}]})", "unknown kind of name; write one of"},
        Mistake{R"({"san":["a"]})", "san[0]: must be an object"},
        Mistake{R"({"san":[{"ip":"192.0.2"}]})", "san[0].ip: is no IP address; write \"192.0.2.1\""},
        Mistake{R"({"san":[{"ip":"192.0.2.1\u0000"}]})", "san[0].ip: is no IP address"},
        Mistake{R"({"san":[{"registered":"1.x"}]})",
                "san[0].registered: is no object identifier; write dotted numbers"},
        Mistake{R"({"san":[{"other":{"oid":"1.2"}}]})", "san[0].other: the key \"value\" is missing"},
        Mistake{R"({"san":[{"many":{"count":0,"dns":"{n}"}}]})", "san[0].many.count: must be a whole number from 1"},
        Mistake{R"({"san":[{"many":{"count":1,"dns":"a"}}]})",
                "san[0].many.dns: has no place for the number; write {n}"},
        Mistake{R"({"sanForm":"twice"})", "sanForm: unknown value \"twice\""},
        Mistake{R"({"sanForm":"twice-first"})", "sanForm: needs the other copy's names; add \"sanOther\""},
        Mistake{R"({"sanOther":[]})", "sanOther: has no place; set sanForm to twice-first"},
        Mistake{R"({"sanForm":"empty","dns":["a"]})", "sanForm: is empty, and yet there are names"},
        Mistake{R"({"sanForm":"critical"})", "sanForm: is critical, and yet there are no names"},
        Mistake{R"({"notBefore":"2020-01-01"})", "notBefore: is no time; write it in UTC, as in 2020-01-01T00:00:00Z"},
        Mistake{R"({"notAfter":"2021-02-29T00:00:00Z"})", "notAfter: is no time"},
        Mistake{R"({"issuer":1})", "issuer: must be a string"},
        Mistake{R"({"chain":[]})", "chain: is empty; name at least"},
        Mistake{R"({"ca":"yes"})", "ca: must be true or false"},
        Mistake{R"({"extendedKeyUsage":["client"]})", "extendedKeyUsage[0]: is no purpose; write clientAuth"},
        Mistake{R"({"extendedKeyUsage":[]})", "extendedKeyUsage: names no purpose; write null"},
        Mistake{R"({"keyUsage":["digitalSignatur"]})",
                "keyUsage[0]: is no key usage; did you mean \"digitalSignature\"?"},
        Mistake{R"({"keyUsage":["x"]})", "keyUsage[0]: is no key usage; the names are those of RFC 5280"},
        Mistake{R"({"keyUsage":[]})", "keyUsage: names no usage; write null"},
        Mistake{R"({"key":"rsa1024"})", "key: unknown value \"rsa1024\"; known here: p256, p384, rsa2048, rsa3072, "},
        Mistake{R"({"keyOf":"others"})", "keyOf: unknown value"},
        Mistake{R"({"keyOf":"foreign","key":"ed25519"})", "keyOf: cannot be foreign with this key; use another one"},
        Mistake{R"({"signature":"bad"})", "signature: unknown value"},
        Mistake{R"({"extensions":[{"hex":""}]})", "extensions[0]: the key \"oid\" is missing"},
        Mistake{R"({"extensions":[{"oid":"1.2"}]})", "extensions[0]: needs its value"},
        Mistake{R"({"san":[{"tagged":{"value":"a"}}]})", "san[0].tagged: the key \"tag\" is missing"},
        Mistake{R"({"san":[{"tagged":{"tag":"","value":"a"}}]})", "san[0].tagged.tag: has no octets"},
        Mistake{R"({"cn":{"tagged":{"tag":"0c","length":"0","value":"a"}}})", "cn.tagged.length: has an odd number"},
        Mistake{R"({"cn":{"tagged":{"tag":"0c","value":"a"},"UTF8String":"a"}})", "cn.UTF8String: unknown key"},
        Mistake{R"({"extensions":[{"oid":"1.2","hex":"0"}]})", "extensions[0].hex: has an odd number of digits"},
        Mistake{R"({"serial":"00"})", "serial: is not given as octets; write {\"hex\": \"7f01\"}"},
        Mistake{R"({"serial":{"hex":""}})", "serial: has no octets"}));

TEST(Blueprint, MistakesInAnAuthority) {
  const auto error = [](const std::string& deviation) {
    const std::string text =
        R"({"authorities":{"a":{"issuer":"self",)" + deviation + R"(}},"default":"a","trusted":[]})";
    return readDocument(text, "f", [](const Node& root) { return Mint(root, 0); }).error().text();
  };
  EXPECT_THAT(error(R"("nameConstraints":{})"), HasSubstr("authorities.a.nameConstraints: constrains nothing; add"));
  EXPECT_THAT(error(R"("nameConstraints":{"permitted":[]})"), HasSubstr("nameConstraints.permitted: names no subtree"));
  EXPECT_THAT(error(R"("nameConstraints":{"allowed":[]})"), HasSubstr("nameConstraints.allowed: unknown key"));
  EXPECT_THAT(error(R"("pathLength":-1)"), HasSubstr("authorities.a.pathLength: must be a whole number from 0"));
  EXPECT_THAT(error(R"("chain":["a"])"), HasSubstr("authorities.a.chain: unknown key"));
}

TEST(Blueprint, Times) {
  EXPECT_EQ(parseTime("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parseTime("2026-01-01T00:00:00Z"), kTestTime);
  EXPECT_EQ(parseTime("1950-01-01T00:00:00Z"), -631'152'000);
  for (const char* wrong :
       {"", "2020-01-01T00:00:00", "2020-13-01T00:00:00Z", "2020-01-01T24:00:00Z", "1949-12-31T23:59:59Z",
        "2020-01-01 00:00:00Z", "2020-01-01T00:60:00Z", "2020-01-01T00:00:60Z", "+020-01-01T00:00:00Z"})
    EXPECT_FALSE(parseTime(wrong)) << wrong;
}

}  // namespace
}  // namespace relayproof::certs
