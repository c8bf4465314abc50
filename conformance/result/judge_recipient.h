// What one recipient of a session comes to.
#pragma once

#include "conformance/result/finding.h"

namespace relayproof::result {

Finding judgeRecipient(const Recipient& recipient, const Transaction& transaction, const Session& session,
                       const CaseResult& result, const Circumstances& circumstances);

/// A 5yz reply by what it says, what it was said to, and what had to be done.
Finding deniedFinding(const Recipient& recipient, const Transaction& transaction, const Judgement& judgement,
                      const Circumstances& circumstances);

}  // namespace relayproof::result
