#include <algorithm>
#include <string_view>

#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {
namespace {

bool like(std::string_view text, std::string_view expression) {
  return std::ranges::equal(text, expression, [](char c, char e) { return e == '.' || c == e; });
}

}  // namespace

KnownBug regexDots() {
  return {.name = "regex-dots",
          .kind = "hole",
          .wrong = "A dot of the connector's name stands for any octet.",
          .record = "gateway practice",
          .caughtBy = {"combined.wrong-hyphen-cn-tls12-foreign-bdat-one-after-rset-size",
                       "combined.wrong-hyphen-cn-tls12-null-data-two-third-size-rsa-longer",
                       "combined.wrong-hyphen-cn-tls12-own-chunks-local-last-after-local-8bit-longer",
                       "combined.wrong-hyphen-cn-tls13-other-data-local-first-after-noop-rsa",
                       "combined.wrong-hyphen-cn-tls13-own-bdat-local-first-alone-rsa-longer",
                       "combined.wrong-hyphen-cn-tls13-own-bdat-two-again-8bit-rsa-longer",
                       "combined.wrong-hyphen-tls12-other-chunks-local-first-again-8bit-rsa-longer",
                       "combined.wrong-hyphen-tls12-own-bdat-local-last-after-noop-longer",
                       "combined.wrong-hyphen-tls13-foreign-bdat-local-last-alone-8bit",
                       "combined.wrong-hyphen-tls13-foreign-data-two-after-rset-size-rsa",
                       "combined.wrong-hyphen-tls13-null-chunks-one-third-8bit",
                       "combined.wrong-hyphen-tls13-other-bdat-two-after-local-rsa-longer",
                       "combined.wrong-lookalike-tls12-foreign-data-local-first-after-rset-size-rsa-longer",
                       "combined.wrong-lookalike-tls12-other-bdat-local-last-after-noop-size-rsa-longer",
                       "combined.wrong-lookalike-tls12-other-data-local-first-after-local-size-longer",
                       "combined.wrong-lookalike-tls13-foreign-chunks-local-last-third-8bit",
                       "combined.wrong-lookalike-tls13-null-bdat-one-alone-rsa",
                       "combined.wrong-lookalike-tls13-own-chunks-two-again-rsa-longer",
                       "hostile.names.dots-as-any-character",
                       "hostile.names.suffix-under-wildcard",
                       "wildcard.connector.dots-as-any-character",
                       "wildcard.connector.dots-as-any-character-in-the-domain",
                       "wildcard.connector.dots-as-any-character-in-the-domain-cn",
                       "wildcard.connector.host-of-suffix-without-dot",
                       "wildcard.connector.host-of-suffix-without-dot-cn",
                       "wildcard.connector.hyphen-for-the-dot",
                       "wildcard.connector.hyphen-for-the-dot-cn",
                       "wildcard.connector.suffix-without-dot",
                       "wildcard.connector.suffix-without-dot-cn"},
          .put = [](Conduct& conduct) {
            conduct.steps.matches = [](const Behaviour& behaviour, const Connector& connector,
                                       const Presented& presented) {
              const std::string& domain = connector.certificateName.domain;
              if (matches(behaviour, connector.certificateName, presented)) return true;
              if (presented.isMalformed() || presented.name.size() < domain.size()) return false;
              const std::string_view before =
                  std::string_view(presented.name).substr(0, presented.name.size() - domain.size());
              return like(std::string_view(presented.name).substr(before.size()), domain) &&
                     (connector.certificateName.wildcard ? !before.empty() : before.empty());
            };
          }};
}

}  // namespace relayproof::reference::bugs
