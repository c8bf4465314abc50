#include "conformance/wire/reply.h"

#include <gtest/gtest.h>

namespace relayproof::wire {
namespace {

/// Replies in a line each ("250-a|250 b" for two lines) and the fault, after feeding pieces of the given sizes.
std::string parsed(const std::string& octets, const std::vector<std::size_t>& cuts) {
  ReplyParser parser;
  std::string seen;
  const auto drain = [&] {
    while (const std::optional<Reply> reply = parser.next()) {
      seen += std::to_string(reply->code) + "[" + reply->enhanced + "]";
      for (const std::string& line : reply->lines) seen += "|" + line;
      seen += "\n";
    }
  };
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    parser.feed(std::string_view(octets).substr(from, cut - from));
    drain();
    from = cut;
  }
  parser.feed(std::string_view(octets).substr(from));
  drain();
  if (!parser.fault().empty())
    seen += "fault: " + parser.fault();
  else if (parser.midReply())
    seen += "unfinished";
  return seen;
}

struct ReplyRow {
  std::string octets;
  std::string expected;
};

const std::vector<ReplyRow> kReplies = {
    {"250 OK\r\n", "250[]|OK\n"},
    {"250 2.1.5 OK\r\n", "250[2.1.5]|2.1.5 OK\n"},
    {"250\r\n", "250[]|\n"},
    {"250 \r\n", "250[]|\n"},
    {"250-\r\n250\r\n", "250[]||\n"},
    {"250-mx.test\r\n250-SIZE 1000\r\n250 STARTTLS\r\n", "250[]|mx.test|SIZE 1000|STARTTLS\n"},
    {"550-5.7.64 Relay\r\n550 5.7.64 Access Denied\r\n", "550[5.7.64]|5.7.64 Relay|5.7.64 Access Denied\n"},
    {"250 a\r\n550 b\r\n", "250[]|a\n550[]|b\n"},
    {"250 bare\n250 line\n", "250[]|bare\n250[]|line\n"},
    {"250 carriage\rreturn\r\n", "250[]|carriage\rreturn\n"},
    {"550 5.7.64\r\n", "550[5.7.64]|5.7.64\n"},
    {"550 5.7.1000 no\r\n", "550[]|5.7.1000 no\n"},
    {"550 3.7.1 no\r\n", "550[]|3.7.1 no\n"},
    {"550 5.7. no\r\n", "550[]|5.7. no\n"},
    {"550 5.7.64x\r\n", "550[]|5.7.64x\n"},
    {"571 old\r\n", "571[]|old\n"},
    {"250-a\r\n", "unfinished"},
    {"250 a", "unfinished"},
    {"250 a\r", "unfinished"},
    {"", ""},
    {"\r\n", "fault: not a reply line: \"\""},
    {"250 a\r\nHTTP/1.1 400\r\n250 b\r\n", "250[]|a\nfault: not a reply line: \"HTTP/1.1 400\""},
    {"25 a\r\n", "fault: not a reply line: \"25 a\""},
    {"199 a\r\n", "fault: not a reply line: \"199 a\""},
    {"600 a\r\n", "fault: not a reply line: \"600 a\""},
    {"2500 a\r\n", "fault: not a reply line: \"2500 a\""},
    {"250+a\r\n", "fault: not a reply line: \"250+a\""},
    {"250-a\r\n251 b\r\n", "fault: a reply whose lines have different codes, 250 and 251"},
    {std::string("250 a\0b\xff\r\n", 10), std::string("250[]|a\0b\xff\n", 11)},
    {std::string("\x16\x03\x01\n", 4), "fault: not a reply line: \"\\x16\\x03\\x01\""},
};

TEST(ReplyParser, YieldsTheSameOverEverySegmentation) {
  for (const ReplyRow& row : kReplies) {
    EXPECT_EQ(parsed(row.octets, {}), row.expected) << row.octets;
    std::vector<std::size_t> each;
    for (std::size_t first = 0; first <= row.octets.size(); ++first) {
      each.push_back(first);
      for (std::size_t second = first; second <= row.octets.size(); ++second) {
        ASSERT_EQ(parsed(row.octets, {first, second}), row.expected)
            << row.octets << " cut at " << first << ", " << second;
      }
    }
    EXPECT_EQ(parsed(row.octets, each), row.expected) << row.octets << " octet by octet";
  }
}

TEST(ReplyParser, BoundsLinesAndTheirNumber) {
  const auto line = [](std::size_t size) { return "250 " + std::string(size - 4, 'x'); };
  EXPECT_TRUE(parsed(line(kLongestReplyLine) + "\n", {}).starts_with("250"));
  EXPECT_EQ(parsed(line(kLongestReplyLine + 1) + "\n", {}), "fault: a reply line of more than 4096 octets");
  EXPECT_EQ(parsed(line(kLongestReplyLine + 1), {}), "fault: a reply line of more than 4096 octets") << "never ended";

  std::string many;
  for (std::size_t at = 1; at < kMostReplyLines; ++at) many += "250-x\r\n";
  EXPECT_TRUE(parsed(many + "250 x\r\n", {}).starts_with("250"));
  EXPECT_EQ(parsed(many + "250-x\r\n250 x\r\n", {}), "fault: a reply of more than 256 lines");
}

TEST(ReplyParser, ForgetsWhatItHolds) {
  ReplyParser parser;
  parser.feed("220 go\r\n250-injec");
  ASSERT_TRUE(parser.next());
  EXPECT_TRUE(parser.midReply());
  parser.reset();
  EXPECT_FALSE(parser.midReply());
  parser.feed("250 clean\r\n");
  const std::optional<Reply> reply = parser.next();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->lines, std::vector<std::string>{"clean"});
}

TEST(ReplyParser, HandsOutWhatItHolds) {
  ReplyParser parser;
  parser.feed("220 go\r\n250-a\r\n250-b\r\n25");
  ASSERT_TRUE(parser.next());
  ASSERT_FALSE(parser.next());
  EXPECT_EQ(parser.takeRest(), "250-a\r\n250-b\r\n25");
  EXPECT_FALSE(parser.midReply());
}

TEST(ReplyParser, StaysFaulty) {
  ReplyParser parser;
  parser.feed("nonsense\r\n");
  EXPECT_FALSE(parser.next());
  parser.feed("250 fine\r\n");
  EXPECT_FALSE(parser.next());
  EXPECT_EQ(parser.fault(), "not a reply line: \"nonsense\"");
}

TEST(Reply, TextLeavesTheEnhancedCodeOfTheFirstLineOut) {
  EXPECT_EQ((Reply{550, "5.7.64", {"5.7.64 Relay", "Access Denied"}}.text()), "Relay Access Denied");
  EXPECT_EQ((Reply{550, "5.7.64", {"5.7.64"}}.text()), "");
  EXPECT_EQ((Reply{250, "", {"", "b"}}.text()), "b");
  EXPECT_EQ((Reply{250, "", {}}.text()), "");
}

}  // namespace
}  // namespace relayproof::wire
