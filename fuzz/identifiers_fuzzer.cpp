// Our walk of a certificate's octets against OpenSSL's reading of them: the same names in the same order, or one of the
// explained differences.
#include <openssl/asn1.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>

#include "certs/certificate_walk.h"
#include "certs/der.h"
#include "fuzz/der_mutator.h"
#include "fuzz/entry.h"
#include "fuzz/openssl_names.h"

namespace {

using namespace relayproof;
using namespace relayproof::fuzz;

bool fitsItsType(std::string_view value) {
  const auto* at = reinterpret_cast<const unsigned char*>(value.data());
  const auto* end = at + value.size();
  ASN1_TYPE* any = d2i_ASN1_TYPE(nullptr, &at, static_cast<long>(value.size()));
  ERR_clear_error();
  ASN1_TYPE_free(any);
  return any != nullptr && at == end;
}

// Has subjectAltName a name of a kind that ours reads the frame of alone, and OpenSSL the value inside?
bool holdsFrames(std::string_view der) {
  const auto certificate = certs::walkCertificate(der);
  if (!certificate) return false;
  for (const certs::ExtensionView& extension : certificate->extensions) {
    if (extension.oid != certs::kSubjectAltNameOid) continue;
    const auto names = certs::der::only(extension.value, certs::der::kSequence);
    certs::der::Reader reader(names ? names->content : std::string_view());
    while (const auto name = reader.next()) {
      if (name->tag == certs::der::constructed(4) || name->tag == certs::der::constructed(5)) return true;
      if (name->tag != certs::der::constructed(0)) continue;
      certs::der::Reader otherName(name->content);
      otherName.next(certs::der::kOid);
      const auto value = otherName.next(certs::der::constructed(0));
      if (value && !fitsItsType(value->content)) return true;
    }
  }
  return false;
}

struct Reading {
  OpensslNames theirs;
  Expected<certs::SubjectIdentifiers> ours;
  bool framed = false;
  bool malformed() const { return ours && ours->subjectAltNameMalformed; }
};

// Where the two are known to differ, and why that is right.
struct Explanation {
  const char* why;
  bool (*holds)(const Reading&);
};
constexpr std::array<Explanation, 5> kExplanations = {{
    {"OpenSSL refuses the certificate for a part that presents no name (a key, a signature, a time), or for a value "
     "that does not fit its type: no relay has an answer for it",
     [](const Reading& r) { return !r.theirs.read; }},
    {"The certificate is BER, not DER: ours refuses it, OpenSSL reads on",
     [](const Reading& r) { return !r.theirs.canonical; }},
    {"subjectAltName is BER: ours calls it malformed, OpenSSL reads on",
     [](const Reading& r) { return r.malformed() && !r.theirs.canonicalNames; }},
    {"subjectAltName cannot be decoded: ours holds what could be read before the fault, OpenSSL nothing, and both say "
     "so",
     [](const Reading& r) { return r.malformed() && !r.theirs.decoded; }},
    {"the values inside an otherName, a directoryName or an ediPartyName, which OpenSSL reads too, do not fit their "
     "types",
     [](const Reading& r) { return r.framed && !r.theirs.decoded; }},
}};

// Of a CN that is no string nobody reads the text: OpenSSL keeps a SEQUENCE with its tag, a BIT STRING without its
// first octet.
bool sameCommonNames(const std::vector<certs::PresentedIdentifier>& a,
                     const std::vector<certs::PresentedIdentifier>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
    return one == other || (one.type == certs::StringType::other && other.type == certs::StringType::other);
  });
}

bool alike(const Reading& reading) {
  const OpensslNames& theirs = reading.theirs;
  if (theirs.read != reading.ours.has_value()) return false;
  if (!theirs.read) return true;
  const certs::SubjectIdentifiers& ours = *reading.ours;
  const bool malformed = !theirs.decoded || theirs.empty || theirs.subjectAltNames > 1;
  return sameCommonNames(ours.commonNames, theirs.commonNames) && ours.dnsIds == theirs.dnsIds &&
         ours.otherSubjectIdentifiers == theirs.otherSubjectIdentifiers && ours.subjectAltNameMalformed == malformed &&
         ours.uriMalformed == theirs.uriMalformed;
}

void print(const char* whose, const std::vector<certs::PresentedIdentifier>& names) {
  for (const auto& name : names)
    std::fprintf(stderr, "  %s: %s %u %s\n", whose, name.kind == certs::IdentifierKind::dnsId ? "DNS-ID" : "CN",
                 static_cast<unsigned>(name.type), certs::escaped(name.octets).c_str());
}

[[noreturn]] void report(const Reading& reading) {
  std::fprintf(stderr, "our walk and OpenSSL read other names, and no explanation of identifiers_fuzzer.cpp holds\n");
  std::fprintf(stderr,
               "  OpenSSL: read %d, canonical %d; subjectAltName: %d, decoded %d, canonical %d; URI or SRV %d\n",
               reading.theirs.read, reading.theirs.canonical, reading.theirs.subjectAltNames, reading.theirs.decoded,
               reading.theirs.canonicalNames, reading.theirs.otherSubjectIdentifiers);
  print("OpenSSL", reading.theirs.commonNames);
  print("OpenSSL", reading.theirs.dnsIds);
  if (reading.ours) {
    std::fprintf(stderr, "  ours: malformed %d, URI or SRV %d\n", reading.ours->subjectAltNameMalformed,
                 reading.ours->otherSubjectIdentifiers);
    print("ours", reading.ours->commonNames);
    print("ours", reading.ours->dnsIds);
  } else {
    std::fprintf(stderr, "  ours: %s\n", reading.ours.error().text().c_str());
  }
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view der(reinterpret_cast<const char*>(data), size);
  const Reading reading{opensslNames(der), certs::subjectIdentifiers(der), holdsFrames(der)};
  const auto holds = [&](const Explanation& explanation) { return explanation.holds(reading); };
  if (!alike(reading) && std::none_of(kExplanations.begin(), kExplanations.end(), holds)) report(reading);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed) {
  return mutated<DerInput>(data, size, most, seed);
}
