#include "conformance/result/passed_message.h"

#include <gtest/gtest.h>

namespace relayproof::result {
namespace {

struct Row {
  const char* what;
  std::string sent, arrived;
  std::optional<std::string> lost;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.what; }

const Row kRows[] = {
    {"as it was", "A: b\r\n\r\none\r\n.\r\ntwo\r\n", "A: b\r\n\r\none\r\n.\r\ntwo\r\n", {}},
    {"marks on top", "A: b\r\n\r\none\r\n", "Received: x\r\nA: b\r\n\r\none\r\n", {}},
    {"other line ends", "A: b\r\n\r\none\r\ntwo\r\n", "A: b\n\none\ntwo\n", {}},
    {"a footer", "A: b\r\n\r\none\r\n", "A: b\r\n\r\none\r\n-- \r\nscanned\r\n", {}},
    {"a banner", "A: b\r\n\r\none\r\n", "A: b\r\n\r\nEXTERNAL\r\none\r\n", {}},
    {"white space off", "A: b\r\n\r\none \t\r\n", "A: b\r\n\r\none\r\n", {}},
    {"wrapped up", "A: b\r\n\r\none\r\n", "A: b\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\none\r\n--x--\r\n", {}},
    {"encoded", "A: b\r\n\r\none\r\n", "A: b\r\nContent-transfer-encoding: BASE64\r\n\r\nb25lCg==\r\n", {}},
    {"eight bits", "A: b\r\n\r\nna\xC3\xAFve\r\n", "A: b\r\n\r\nna\xC3\xAFve\r\n", {}},
    {"no body", "A: b\r\n", "A: b\r\n", {}},
    {"a line that is no field", "A: b\r\nodd\r\nSubject: c\r\n\r\none\r\n", "A: b\r\n\r\nodd\r\n", {}},
    {"bare line ends", "A: b\r\n\r\none\n.\ntwo\r\n", "A: b\r\n\r\n", {}},
    {"a NUL", std::string("A: b\r\n\r\no\0e\r\n", 12), "A: b\r\n\r\n", {}},
    {"a long line", "A: b\r\n\r\n" + std::string(999, 'a') + "\r\n", "A: b\r\n\r\n", {}},
    {"the longest line", "A: b\r\n\r\n" + std::string(998, 'a') + "\r\n", "A: b\r\n\r\n", std::string(998, 'a')},
    {"the body lost", "A: b\r\n\r\none\r\n", "A: b\r\n\r\n", "one"},
    {"the header lost", "A: b\r\n\r\none\r\n", "one\r\n", "one"},
    {"a line cut", "A: b\r\n\r\none two\r\n", "A: b\r\n\r\none\r\n", "one two"},
    {"the end cut", "A: b\r\n\r\none\r\ntwo\r\n", "A: b\r\n\r\none\r\n", "two"},
    {"out of order", "A: b\r\n\r\none\r\ntwo\r\n", "A: b\r\n\r\ntwo\r\none\r\n", "two"},
    {"a dot lost", "A: b\r\n\r\n..x\r\n", "A: b\r\n\r\n.x\r\n", "..x"},
    {"a dot doubled", "A: b\r\n\r\n.x\r\n", "A: b\r\n\r\n..x\r\n", ".x"},
    {"the eighth bit off", "A: b\r\n\r\nna\xC3\xAFve\r\n", "A: b\r\n\r\nnaC/ve\r\n", "na\xC3\xAFve"},
    {"an empty line at the end", "A: b\r\n\r\none\r\n\r\n", "A: b\r\n\r\none\r\n", {}},
    {"an empty line lost", "A: b\r\n\r\none\r\n\r\ntwo\r\n", "A: b\r\n\r\none\r\ntwo\r\n", ""},
    {"the subject", "Subject: a b\r\n\r\none\r\n", "Subject: a b\r\n\r\none\r\n", {}},
    {"a subject folded", "Subject: a b\r\n\r\none\r\n", "SUBJECT:\r\n a\r\n b\r\nX: y\r\n\r\none\r\n", {}},
    {"a subject marked", "Subject: a b\r\n\r\none\r\n", "Subject: [EXTERNAL] a b\r\n\r\none\r\n", {}},
    {"the subject lost", "Subject: a b\r\nX: y\r\n\r\none\r\n", "X: y\r\n\r\none\r\n", "Subject: a b"},
    {"the subject in the body", "Subject: a b\r\n\r\none\r\n", "X: y\r\n\r\nSubject: a b\r\none\r\n", "Subject: a b"},
    {"said twice, arrived once", "A: b\r\n\r\none\r\none\r\n", "A: b\r\n\r\none\r\n", "one"},
};

class LostLine : public testing::TestWithParam<Row> {};

TEST_P(LostLine, AsTheTableSays) { EXPECT_EQ(lostLine(GetParam().sent, GetParam().arrived), GetParam().lost); }

INSTANTIATE_TEST_SUITE_P(Table, LostLine, testing::ValuesIn(kRows));

}  // namespace
}  // namespace relayproof::result
