#include "conformance/session/record.h"

namespace relayproof::session {

std::string_view name(Stage stage) {
  switch (stage) {
    case Stage::connect:
      return "connect";
    case Stage::greeting:
      return "greeting";
    case Stage::ehlo:
      return "ehlo";
    case Stage::starttls:
      return "starttls";
    case Stage::tls:
      return "tls";
    case Stage::afterTls:
      return "after-tls";
    case Stage::mail:
      return "mail";
    case Stage::rcpt:
      return "rcpt";
    case Stage::data:
      return "data";
    case Stage::endOfData:
      return "end-of-data";
    case Stage::step:
      return "step";
    case Stage::quit:
      return "quit";
  }
  return "step";
}

}  // namespace relayproof::session
