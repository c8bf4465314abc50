// A subcommand as data: main.cpp alone turns it into command-line options, so that each subcommand is one file and one
// line.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace relayproof {

/// Exit statuses that users script against.
namespace status {
inline constexpr int kOk = 0;
inline constexpr int kNotConforming = 1;
inline constexpr int kUsage = 2;
inline constexpr int kTooLittle = 3;
inline constexpr int kUnreachable = 4;
inline constexpr int kInternal = 5;
inline constexpr int kInterrupted = 130;
}  // namespace status

struct OptionInfo {
  std::string name;         ///< "filter", said as --filter
  std::string placeholder;  ///< "GLOB"; empty: a switch
  std::string help;
  bool repeatable = false;
};

/// What the user said, by option name; operands stand under "".
class Arguments {
 public:
  explicit Arguments(std::map<std::string, std::vector<std::string>> values) : values_(std::move(values)) {}
  bool has(const std::string& name) const { return values_.contains(name); }
  std::string get(const std::string& name, const std::string& otherwise = {}) const;
  std::vector<std::string> all(const std::string& name) const;
  /// Each value split at commas.
  std::vector<std::string> list(const std::string& name) const;
  /// Throws Error (exit 2) when it is no whole number in that range.
  std::int64_t integer(const std::string& name, std::int64_t otherwise, std::int64_t least, std::int64_t most) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

struct Command {
  std::string name;
  std::string help;
  std::vector<OptionInfo> options;
  std::string operands;  ///< placeholder of what follows the options, "" for none
  int (*run)(const Arguments& arguments);
};

Command runCommand();
Command listCommand();
Command explainCommand();
Command planCommand();
Command doctorCommand();
Command certsCommand();
Command matchCommand();
Command verdictCommand();
Command relayCommand();
Command reportCommand();

}  // namespace relayproof
