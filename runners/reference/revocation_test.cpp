#include "runners/reference/revocation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "runners/reference/test_certificates.h"

namespace relayproof::reference {
namespace {

using ::testing::HasSubstr;

class RevocationLists : public ::testing::Test {
 protected:
  ~RevocationLists() override { std::filesystem::remove(file_); }

  std::variant<std::vector<RevocationList>, Problem> read(const std::string& content) {
    std::ofstream(file_, std::ios::binary) << content;
    return readRevocationLists(file_);
  }
  std::size_t countOf(const std::string& content) {
    const auto lists = read(content);
    return std::holds_alternative<Problem>(lists) ? 0 : std::get<0>(lists).size();
  }

  const std::string file_ = ::testing::TempDir() + "revocation_test." + std::to_string(getpid());
  const testing::Minted authority_ = testing::mint(testing::authoritySpec("Authority"));
  const RevocationList list_ = testing::mintList(authority_);
};

TEST_F(RevocationLists, AreReadAsPemOrDer) {
  const std::string pem = testing::pemOf(list_.get());
  EXPECT_EQ(countOf(pem), 1U);
  EXPECT_EQ(countOf(pem + "text between\n" + pem), 2U);
  EXPECT_EQ(countOf(testing::derOf(list_.get())), 1U);
}

TEST_F(RevocationLists, AreRefusedByTheNameOfTheFile) {
  const std::string pem = testing::pemOf(list_.get());
  for (const std::string& content :
       {std::string(), std::string("nothing"), testing::pemOf(authority_.certificate.get()),
        testing::derOf(list_.get()).substr(0, 40), pem + pem.substr(0, 80)}) {
    const auto lists = read(content);
    ASSERT_TRUE(std::holds_alternative<Problem>(lists)) << content;
    EXPECT_THAT(std::get<Problem>(lists).text, HasSubstr("revocationLists: " + file_));
  }
  EXPECT_TRUE(std::holds_alternative<Problem>(readRevocationLists("no/such/file")));
}

}  // namespace
}  // namespace relayproof::reference
