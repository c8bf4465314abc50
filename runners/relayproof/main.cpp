#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <csignal>
#include <iostream>
#include <utility>

#include "certs/document.h"
#include "runners/relayproof/command.h"

namespace relayproof {

std::string Arguments::get(const std::string& name, const std::string& otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() || found->second.empty() ? otherwise : found->second.back();
}

std::vector<std::string> Arguments::all(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

std::vector<std::string> Arguments::list(const std::string& name) const {
  std::vector<std::string> words;
  for (const std::string& value : all(name)) {
    std::size_t begin = 0;
    for (std::size_t comma; begin <= value.size(); begin = comma + 1) {
      comma = std::min(value.find(',', begin), value.size());
      if (comma > begin) words.push_back(value.substr(begin, comma - begin));
    }
  }
  return words;
}

std::int64_t Arguments::integer(const std::string& name, std::int64_t otherwise, std::int64_t least,
                                std::int64_t most) const {
  if (!has(name)) return otherwise;
  const std::string text = get(name);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
    throw Error("", "--" + name, fmt::format("\"{}\" is no whole number from {} to {}", text, least, most), "");
  return value;
}

namespace {

// A thousand sessions at once, and the sinks', are more files than shells allow without being asked.
void allowManyFiles() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 16384);
  setrlimit(RLIMIT_NOFILE, &files);
}

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of its write
  allowManyFiles();
  CLI::App app("relayproof proves whether a relay that trusts TLS client certificates trusts exactly the right ones.");
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", "relayproof " RELAYPROOF_VERSION);
  app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
    return fmt::format("relayproof: {}; see {} --help\n", error.what(), failed->get_display_name());
  });

  const std::vector<Command> commands = {runCommand(),    listCommand(),  explainCommand(), planCommand(),
                                         doctorCommand(), certsCommand(), matchCommand(),   verdictCommand(),
                                         relayCommand(),  reportCommand()};
  struct Said {
    const Command* command = nullptr;
    CLI::App* app = nullptr;
    std::map<std::string, std::vector<std::string>> values;
  };
  std::vector<Said> said(commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i) {
    said[i].command = &commands[i];
    said[i].app = app.add_subcommand(commands[i].name, commands[i].help);
    auto& values = said[i].values;
    for (const OptionInfo& option : commands[i].options) {
      if (option.placeholder.empty())
        said[i].app->add_flag_function(
            "--" + option.name, [&values, name = option.name](std::int64_t) { values[name]; }, option.help);
      else
        said[i]
            .app
            ->add_option_function<std::vector<std::string>>(
                "--" + option.name,
                [&values, name = option.name](const std::vector<std::string>& v) { values[name] = v; }, option.help)
            ->type_name(option.placeholder)
            ->expected(1)
            ->multi_option_policy(option.repeatable ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::Throw)
            ->allow_extra_args(false);
    }
    if (!commands[i].operands.empty())
      said[i]
          .app
          ->add_option_function<std::vector<std::string>>(
              "operands", [&values](const std::vector<std::string>& v) { values[""] = v; }, commands[i].operands)
          ->type_name("");
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error, std::cout, std::cerr);
    return code == 0 ? status::kOk : status::kUsage;
  }
  for (const Said& one : said) {
    if (!one.app->parsed()) continue;
    try {
      return one.command->run(Arguments(one.values));
    } catch (const Error& error) {
      std::cerr << "relayproof: " << error.text() << "\n";
      return status::kUsage;
    } catch (const std::exception& error) {
      std::cerr << "relayproof: internal error: " << error.what() << "\n";
      return status::kInternal;
    }
  }
  std::cerr << "relayproof: no command is named; see relayproof --help\n";
  return status::kUsage;
}

}  // namespace
}  // namespace relayproof

int main(int argc, char** argv) { return relayproof::main(argc, argv); }
