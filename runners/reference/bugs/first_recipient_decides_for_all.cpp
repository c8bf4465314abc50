#include <algorithm>

#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {

KnownBug firstRecipientDecidesForAll() {
  return {.name = "first-recipient-decides-for-all",
          .kind = "hole",
          .wrong = "The verdict about the first recipient stands for all of the transaction.",
          .record = "nginx mail proxy",
          .caughtBy = {"combined.wrong-another-cn-tls12-null-chunks-local-first-again-size-longer",
                       "combined.wrong-another-tls12-null-data-local-first-third-size",
                       "combined.wrong-below-tls12-other-chunks-local-first-again-8bit-longer",
                       "combined.wrong-broken-tls13-other-data-local-first-after-rset-size-rsa",
                       "combined.wrong-disabled-tls13-null-data-local-first-alone-8bit-rsa-longer",
                       "combined.wrong-disabled-tls13-other-data-local-first-after-rset",
                       "combined.wrong-excluded-tls12-foreign-bdat-local-first-third",
                       "combined.wrong-excluded-tls12-null-data-local-first-after-local-size",
                       "combined.wrong-excluded-tls12-other-bdat-local-first-alone-size",
                       "combined.wrong-expired-tls13-null-chunks-local-first-after-noop",
                       "combined.wrong-hyphen-cn-tls13-other-data-local-first-after-noop-rsa",
                       "combined.wrong-hyphen-cn-tls13-own-bdat-local-first-alone-rsa-longer",
                       "combined.wrong-hyphen-tls12-other-chunks-local-first-again-8bit-rsa-longer",
                       "combined.wrong-lookalike-tls12-foreign-data-local-first-after-rset-size-rsa-longer",
                       "combined.wrong-lookalike-tls12-other-data-local-first-after-local-size-longer",
                       "combined.wrong-mail-address-tls12-other-chunks-local-first-third-size",
                       "combined.wrong-mail-address-tls13-own-bdat-local-first-after-local-8bit-rsa-longer",
                       "combined.wrong-no-ca-tls12-other-bdat-local-first-again-size-rsa",
                       "combined.wrong-no-ca-tls13-foreign-data-local-first-alone-size",
                       "combined.wrong-nobody-tls12-other-bdat-local-first-after-rset",
                       "combined.wrong-nobody-tls13-other-chunks-local-first-after-noop",
                       "combined.wrong-not-yet-tls12-own-bdat-local-first-after-noop-rsa",
                       "combined.wrong-nul-cn-tls12-other-data-local-first-third-longer",
                       "combined.wrong-nul-cn-tls12-own-data-local-first-after-noop-8bit-rsa",
                       "combined.wrong-nul-tls12-null-bdat-local-first-after-rset-8bit-rsa",
                       "combined.wrong-nul-tls12-other-chunks-local-first-again-size-longer",
                       "combined.wrong-path-length-tls12-foreign-chunks-local-first-again-8bit",
                       "combined.wrong-self-signed-tls12-foreign-chunks-local-first-third",
                       "combined.wrong-space-cn-tls12-foreign-bdat-local-first-again-size-longer",
                       "combined.wrong-underscore-tls12-own-chunks-local-first-alone",
                       "combined.wrong-unknown-cn-tls12-foreign-data-local-first-after-noop-size-longer",
                       "combined.wrong-unknown-cn-tls12-own-data-local-first-after-rset-size-rsa-longer",
                       "combined.wrong-unknown-host-tls12-null-chunks-local-first-after-local-8bit-rsa-longer",
                       "combined.wrong-unknown-tls13-foreign-bdat-local-first-after-local-rsa-longer",
                       "combined.wrong-unknown-tls13-other-data-local-first-again-8bit-longer",
                       "recipients.denied-between-two",
                       "recipients.last-of-twenty",
                       "recipients.mixed",
                       "sequences.disabled-3",
                       "sequences.disabled-4",
                       "sequences.expired-1",
                       "sequences.expired-2",
                       "sequences.expired-3",
                       "sequences.expired-4",
                       "sequences.foreign-1",
                       "sequences.foreign-2",
                       "sequences.foreign-3",
                       "sequences.foreign-4",
                       "sequences.gateway-alone-1",
                       "sequences.gateway-alone-2",
                       "sequences.gateway-alone-3",
                       "sequences.gateway-alone-4",
                       "sequences.gateway-alone-5",
                       "sequences.gateway-alone-6",
                       "sequences.gateway-and-foreign-1",
                       "sequences.gateway-and-foreign-4",
                       "sequences.nobody-1",
                       "sequences.nobody-2",
                       "sequences.nobody-3",
                       "sequences.nobody-4",
                       "sequences.nobody-5",
                       "sequences.nobody-6",
                       "sequences.unknown-1",
                       "sequences.unknown-2",
                       "sequences.unknown-4",
                       "sequences.unknown-5",
                       "sequences.unregistered-1",
                       "sequences.unregistered-2",
                       "sequences.unregistered-6",
                       "transactions.chunks-mixed",
                       "transactions.last-of-a-hundred-denied"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied) return right;
              const auto first = std::ranges::find(question.past, question.transaction, &Past::transaction);
              if (first == question.past.end() || first->decision.verdict == Verdict::deny) return right;
              return acceptFor(Verdict::relay, first->decision.tenant, question);
            };
          }};
}

}  // namespace relayproof::reference::bugs
