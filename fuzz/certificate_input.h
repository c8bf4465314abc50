// A certificate as the places in which names stand, and a connector's pattern beside it: what a matcher of whole
// certificates is asked. The octets are written without a key, for whether it verifies is not asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/identifiers.h"
#include "fuzz/dice.h"

namespace relayproof::fuzz {

struct CertificateInput {
  /// One value somewhere in the certificate.
  struct Record {
    std::uint8_t place = 0;     ///< of the table of places
    std::uint8_t spelling = 0;  ///< of the table of string types; where the place has a type of its own, unused
    bool joined = false;        ///< in one RDN with the attribute before it
    std::string text;           ///< UTF-8 for the types that can hold it, else octets
  };
  std::string pattern;
  std::uint8_t form = 0;  ///< bits: what else is unusual about the extension (kCritical, …)
  std::vector<Record> records;

  static std::optional<CertificateInput> from(std::string_view octets);
  std::string octets() const;
  static CertificateInput some(Dice& dice);
  void mutate(Dice& dice);
  /// What libFuzzer's own mutations may change without spoiling the input.
  std::string& text(Dice& dice) { return records.empty() ? pattern : records[dice.below(records.size())].text; }
};

/// The certificate, DER.
std::string derOf(const CertificateInput& input);
/// A name among those that a blueprint can put where identifiers stand: CN, DNS-ID, URI.
struct Identifying {
  bool isCommonName = false;
  bool isDnsId = false;
  certs::StringType type = certs::StringType::ia5;
  std::string octets;
};
std::vector<Identifying> identifyingRecords(const CertificateInput& input);

/// What a matcher may make of a certificate beside what its identifiers say.
enum class Standing {
  sound,
  refusable,   ///< something in it that is no identifier is not as its type demands: a reader may refuse the whole
  undecodable  ///< subjectAltName, or a CN by its type, cannot be decoded: what of it a reader takes is open
};
Standing standingOf(const CertificateInput& input);

/// "CN (BMPString) mail.contoso.test; URI https://contoso.test": for a person.
std::string textOf(const CertificateInput& input);

/// A glob over such a text: values of the same places and string types among others, whatever they are.
std::string globOf(const CertificateInput& input);

}  // namespace relayproof::fuzz
