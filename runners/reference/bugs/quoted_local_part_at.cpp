#include "runners/reference/bugs/asking.h"
#include "runners/reference/bugs/bug.h"

namespace relayproof::reference::bugs {
namespace {

std::string quotedDomain(const Path& path) {
  const std::size_t at = path.text.find('@');
  if (!path.text.starts_with('"') || at == std::string::npos) return {};
  return foldCase(path.text.substr(at + 1, path.text.find_first_of("\"@\\", at + 1) - at - 1));
}

}  // namespace

KnownBug quotedLocalPartAt() {
  return {.name = "quoted-local-part-at",
          .kind = "hole",
          .wrong = "The domain of a path is what follows its first @, though it is quoted.",
          .record = "gateway practice",
          .caughtBy = {"recipients.quoted-domain", "sender.quoted-domain", "sender.quoted-escape"},
          .put = [](Conduct& conduct) {
            conduct.faults.decide = [](const Question& question) {
              const Decision right = rightDecision(question);
              if (right.refusal != relayDenied) return right;
              if (const Tenant* owner = ownerOf(question.tenancy, quotedDomain(question.recipient)))
                return acceptFor(Verdict::deliver, owner->id, question);
              const std::string sender = quotedDomain(question.envelope.sender);
              return sender.empty() ? right : decisionFor(question, question.peer, sentFrom(question.envelope, sender));
            };
          }};
}

}  // namespace relayproof::reference::bugs
