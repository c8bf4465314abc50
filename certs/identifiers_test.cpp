#include "certs/identifiers.h"

#include <gmock/gmock.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "certs/der.h"
#include "certs/test_support.h"

namespace relayproof::certs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::string_literals;

SubjectIdentifiers identifiersOf(std::string_view blueprint) {
  auto identifiers = subjectIdentifiers(issue(blueprint).leaf);
  if (!identifiers) throw std::runtime_error(identifiers.error().text());
  return std::move(*identifiers);
}

PresentedIdentifier cn(StringType type, std::string octets) {
  return {IdentifierKind::commonName, type, std::move(octets)};
}
PresentedIdentifier dns(std::string octets) { return {IdentifierKind::dnsId, StringType::ia5, std::move(octets)}; }

TEST(Identifiers, NoneByDefault) {
  const auto found = identifiersOf("{}");
  EXPECT_THAT(found.commonNames, IsEmpty());
  EXPECT_THAT(found.dnsIds, IsEmpty());
  EXPECT_FALSE(found.otherSubjectIdentifiers);
  EXPECT_FALSE(found.subjectAltNameMalformed);
}

TEST(Identifiers, KeepOrderRepetitionsAndNuls) {
  const auto found = identifiersOf(
      R"({"cn":["b.test","a.test","b.test"],"dns":["z.test\u0000.evil.test","y.test\u0000","z.test",""]})");
  EXPECT_THAT(found.commonNames, ElementsAre(cn(StringType::utf8, "b.test"), cn(StringType::utf8, "a.test"),
                                             cn(StringType::utf8, "b.test")));
  EXPECT_THAT(found.dnsIds, ElementsAre(dns("z.test\0.evil.test"s), dns("y.test\0"s), dns("z.test"), dns("")));
}

TEST(Identifiers, EveryStringTypeByItsTag) {
  const auto found = identifiersOf(R"({"cn":[{"UTF8String":"é"},{"PrintableString":"a\u0000"},{"T61String":"é"},
      {"IA5String":"a"},{"BMPString":"aé"},{"UniversalString":"a"},{"BMPString":{"hex":"61"}}]})");
  EXPECT_THAT(found.commonNames,
              ElementsAre(cn(StringType::utf8, "\xc3\xa9"), cn(StringType::printable, "a\0"s),
                          cn(StringType::teletex, "\xe9"), cn(StringType::ia5, "a"), cn(StringType::bmp, "\0a\0\xe9"s),
                          cn(StringType::universal, "\0\0\0a"s), cn(StringType::bmp, "a")));
}

TEST(Identifiers, ATagThatNoGeneralNameHasMakesTheExtensionUndecodable) {
  for (const char* tag : {"0c", "16", "89", "a2", "80", "42", "c2", "30"}) {
    const auto found = identifiersOf(std::string(R"({"dns":["a.test"],"san":[{"tagged":{"tag":")") + tag +
                                     R"(","value":"b.test"}},{"dns":"c.test"}]})");
    EXPECT_THAT(found.dnsIds, ElementsAre(dns("a.test"))) << tag;
    EXPECT_TRUE(found.subjectAltNameMalformed) << tag;
  }
}

// OpenSSL takes none of the names then.
TEST(Identifiers, ANameOfAnotherKindThatIsNotWhatItsTagSaysMakesTheExtensionUndecodable) {
  for (
      const char* name : {
          R"({"tagged":{"tag":"a4","value":"b.test"}})",                    // no Name
          R"({"tagged":{"tag":"a0","value":"b.test"}})",                    // no type
          R"({"tagged":{"tag":"a0","value":[{"tag":"06","value":"*"}]}})",  // no value
          R"({"tagged":{"tag":"a0","value":[{"tag":"06","value":""},{"tag":"a0","value":[{"tag":"0c","value":"b"}]}]}})",
          R"({"tagged":{"tag":"a0","value":[{"tag":"06","value":"*"},{"tag":"a0","value":""}]}})",
          R"({"tagged":{"tag":"88","value":""}})",                               // no object identifier
          R"({"tagged":{"tag":"88","value":{"UTF8String":{"hex":"2a80"}}}})",    // the last arc is not whole
          R"({"tagged":{"tag":"88","value":{"UTF8String":{"hex":"2a8001"}}}})",  // nor in as few octets as will do
      }) {
    const auto found = identifiersOf(std::string(R"({"dns":["a.test"],"san":[)") + name + R"(,{"dns":"c.test"}]})");
    EXPECT_THAT(found.dnsIds, ElementsAre(dns("a.test"))) << name;
    EXPECT_TRUE(found.subjectAltNameMalformed) << name;
  }
}

TEST(Identifiers, AConstructedStringIsNone) {
  const auto found = identifiersOf(R"({"cn":{"tagged":{"tag":"2c","value":[{"tag":"0c","value":"a.test"}]}}})");
  EXPECT_THAT(found.commonNames, ElementsAre(cn(StringType::other,
                                                "\x0c\x06"
                                                "a.test")));
}

TEST(Identifiers, OnlyCommonNamesAndDnsNamesCount) {
  const auto found = identifiersOf(R"({"subject":[{"O":"CN=mail.names.test"},{"OU":"x","CN":"joined.test"}],
      "san":[{"email":"mail.names.test"},{"ip":"192.0.2.1"},{"directory":[{"CN":"dir.test"}]},{"registered":"1.2.3"},
             {"other":{"oid":"1.3.6.1.4.1.311.20.2.3","value":"upn.test"}},{"dns":"right.test"}]})");
  EXPECT_THAT(found.commonNames, ElementsAre(cn(StringType::utf8, "joined.test")));
  EXPECT_THAT(found.dnsIds, ElementsAre(dns("right.test")));
  EXPECT_FALSE(found.otherSubjectIdentifiers);
}

TEST(Identifiers, UriAndSrvNamesAreTheOtherSubjectIdentifiers) {
  EXPECT_TRUE(identifiersOf(R"({"san":[{"uri":"https://a.test/"}]})").otherSubjectIdentifiers);
  EXPECT_TRUE(identifiersOf(R"({"san":[{"other":{"oid":"1.3.6.1.5.5.7.8.7","value":{"IA5String":"_smtp.a.test"}}}]})")
                  .otherSubjectIdentifiers);
  EXPECT_FALSE(
      identifiersOf(R"({"san":[{"other":{"oid":"1.3.6.1.5.5.7.8.9","value":"x@a.test"}}]})").otherSubjectIdentifiers);
}

TEST(Identifiers, AUriIsOfPrintableOctets) {
  EXPECT_FALSE(identifiersOf(R"({"san":[{"uri":"https://a.test/~b?c#d"}]})").uriMalformed);
  EXPECT_FALSE(identifiersOf(R"({"san":[{"email":"a b@a.test"}]})").uriMalformed);
  for (const char* octet : {" ", "\\n", "\\u0000", "\\u007f", "\u00e9"}) {
    const auto found = identifiersOf(std::string(R"({"san":[{"uri":"https://a.test/)") + octet + R"("}]})");
    EXPECT_TRUE(found.uriMalformed) << octet;
    EXPECT_FALSE(found.subjectAltNameMalformed) << "the other names stand";
  }
}

TEST(Identifiers, EveryFormOfTheExtension) {
  const auto empty = identifiersOf(R"({"sanForm":"empty"})");
  EXPECT_TRUE(empty.subjectAltNameMalformed);
  EXPECT_THAT(empty.dnsIds, IsEmpty());
  EXPECT_TRUE(identifiersOf(R"({"sanForm":"undecodable"})").subjectAltNameMalformed);
  EXPECT_TRUE(identifiersOf(R"({"sanForm":"undecodable","dns":["a.test"]})").subjectAltNameMalformed);
  const auto first = identifiersOf(R"({"sanForm":"twice-first","dns":["a.test"],"sanOther":[{"dns":"b.test"}]})");
  EXPECT_TRUE(first.subjectAltNameMalformed);
  EXPECT_THAT(first.dnsIds, ElementsAre(dns("a.test"), dns("b.test")));
  EXPECT_THAT(identifiersOf(R"({"sanForm":"twice-second","dns":["a.test"],"sanOther":[{"dns":"b.test"}]})").dnsIds,
              ElementsAre(dns("b.test"), dns("a.test")));
  const auto critical = identifiersOf(R"({"sanForm":"critical","dns":["a.test"]})");
  EXPECT_FALSE(critical.subjectAltNameMalformed);
  EXPECT_THAT(critical.dnsIds, ElementsAre(dns("a.test")));
}

TEST(Identifiers, ATruncationAnywhereIsAnErrorAndNoCrash) {
  const Fixture fixture = issue(R"({"cn":"a.test","dns":["b.test"],"san":[{"uri":"c:d"}]})");
  for (std::size_t size = 0; size < fixture.leaf.size(); ++size) {
    // A buffer of exactly this size, so that reading past it is seen.
    const std::vector<char> cut(fixture.leaf.begin(), fixture.leaf.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(subjectIdentifiers({cut.data(), cut.size()})) << size;
  }
  EXPECT_FALSE(subjectIdentifiers(fixture.leaf + "x"));
}

TEST(Identifiers, EveryOctetReplacedIsSurvived) {
  const Fixture fixture = issue(R"({"cn":"a.test","dns":["b.test"]})");
  for (std::size_t at = 0; at < fixture.leaf.size(); ++at)
    for (const char value : {'\x00', '\x1f', '\x30', '\x7f', '\x80', '\x84', '\xff'}) {
      std::vector<char> changed(fixture.leaf.begin(), fixture.leaf.end());
      changed[at] = value;
      (void)subjectIdentifiers({changed.data(), changed.size()});
    }
}

// OpenSSL's own reading of the same certificate.
SubjectIdentifiers openSslView(const std::string& der) {
  SubjectIdentifiers view;
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())),
                                                                &X509_free);
  const auto text = [](const ASN1_STRING* string) {
    return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
                       static_cast<std::size_t>(ASN1_STRING_length(string)));
  };
  const X509_NAME* subject = X509_get_subject_name(certificate.get());
  for (int i = X509_NAME_get_index_by_NID(subject, NID_commonName, -1); i >= 0;
       i = X509_NAME_get_index_by_NID(subject, NID_commonName, i)) {
    const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, i));
    view.commonNames.push_back(cn(static_cast<StringType>(ASN1_STRING_type(value)), text(value)));
  }
  auto* names =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS) view.dnsIds.push_back(dns(text(name->d.dNSName)));
    if (name->type == GEN_URI) view.otherSubjectIdentifiers = true;
  }
  GENERAL_NAMES_free(names);
  return view;
}

TEST(Identifiers, AgreeWithOpenSsl) {
  for (
      const char* blueprint :
      {R"({})", R"({"cn":"mail.names.test","dns":["a.test","*.b.test"]})",
       R"({"cn":["x\u0000y",{"BMPString":"é"},{"UniversalString":"z"}],"dns":["a\u0000b"],"san":[{"uri":"u:v"}]})",
       R"({"subject":[{"CN":"a","OU":"b"},{"CN":{"T61String":"é"}}],"san":[{"many":{"count":300,"dns":"h{n}.test"}}]})",
       R"({"san":[{"directory":[{"CN":"d"}]},{"x400":{"hex":"3000"}},{"registered":"1.2.3"},{"ip":"2001:db8::1"}]})"}) {
    const std::string leaf = issue(blueprint).leaf;
    const auto ours = subjectIdentifiers(leaf);
    ASSERT_TRUE(ours) << blueprint;
    const SubjectIdentifiers theirs = openSslView(leaf);
    EXPECT_EQ(ours->commonNames, theirs.commonNames) << blueprint;
    EXPECT_EQ(ours->dnsIds, theirs.dnsIds) << blueprint;
    EXPECT_EQ(ours->otherSubjectIdentifiers, theirs.otherSubjectIdentifiers) << blueprint;
  }
}

}  // namespace
}  // namespace relayproof::certs
