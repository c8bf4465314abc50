#include "certs/set_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <future>
#include <optional>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

namespace relayproof::certs {
namespace {

namespace fs = std::filesystem;

// Fixtures whose lines of text are held until their turn comes.
constexpr std::size_t kBatch = 128;

Error failed(const fs::path& path, std::string_view what, int code) {
  return Error(path.string(), {}, fmt::format("{}: {}", what, std::strerror(code)), {});
}

void writeTo(const fs::path& path, int flags, mode_t mode, std::string_view octets) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode);
  if (descriptor < 0) throw failed(path, "cannot be made", errno);
  int code = 0;
  while (!octets.empty() && code == 0) {
    const ssize_t written = ::write(descriptor, octets.data(), octets.size());
    if (written >= 0)
      octets.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      code = errno;
  }
  if (::close(descriptor) != 0 && code == 0) code = errno;
  if (code != 0) throw failed(path, "cannot be written", code);
}

// Owns the folder that is being filled, and takes it away unless it was put in its place.
struct Scaffold {
  fs::path path;
  ~Scaffold() {
    std::error_code ignored;
    if (!path.empty()) fs::remove_all(path, ignored);
  }
};

void addSummed(const Json& list, std::set<std::string>& names) {
  if (!list.is_array()) return;
  for (const Json& entry : list)
    if (entry.is_object() && entry.contains("sha256") && entry["sha256"].is_object())
      for (const auto& [name, sum] : entry["sha256"].items()) names.insert(name);
}

// The files of the set that a folder holds; nullopt: it holds none.
std::optional<std::set<std::string>> filesOfSet(const fs::path& folder) {
  const auto text = readFile((folder / "manifest.json").string());
  const Json manifest = text ? Json::parse(*text, nullptr, false) : Json();
  if (!manifest.is_object() || manifest.value("schema", Json()) != "relayproof.fixtures/1") return std::nullopt;
  std::set<std::string> names = {"manifest.json", "README.md"};
  for (const char* list : {"certificates", "authorities"}) addSummed(manifest.value(list, Json()), names);
  return names;
}

// A whole set may be replaced, and nothing that somebody else has put beside it.
std::optional<Error> refuseToReplace(const fs::path& folder) {
  const auto names = filesOfSet(folder);
  if (!names) return Error(folder.string(), {}, "holds something else than a fixture set", "name another folder");
  std::error_code code;
  for (fs::recursive_directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code))
    if (entry->is_symlink(code) || !entry->is_directory(code))
      if (!names->contains(entry->path().lexically_relative(folder).string()))
        return Error(entry->path().string(), {}, "is no file of the earlier set",
                     "move it away, or name another folder");
  if (code) return failed(folder, "cannot be read", code.value());
  return std::nullopt;
}

// A process that bears our own number is another one, of before us.
bool isGone(std::string_view process) {
  pid_t number = 0;
  const auto [end, code] = std::from_chars(process.data(), process.data() + process.size(), number);
  if (code != std::errc() || end != process.data() + process.size() || number <= 0) return false;
  return number == ::getpid() || (::kill(number, 0) != 0 && errno == ESRCH);
}

// Whole or not: a manifest says first of all what it is, and is the first file that is begun.
bool holdsNothingButASet(const fs::path& folder) {
  std::error_code code;
  if (fs::is_empty(folder, code)) return !code;
  const auto manifest = readFile((folder / "manifest.json").string());
  return manifest && manifest->substr(0, 64).find(R"("schema": "relayproof.fixtures/1")") != std::string::npos;
}

// What processes that were killed while they wrote to the same target have left beside it: TARGET.PURPOSE-PROCESS.
void removeLeftovers(const fs::path& target, std::string_view purpose) {
  const std::string prefix = fmt::format("{}.{}-", target.filename().string(), purpose);
  std::vector<fs::path> leftovers;
  std::error_code code;
  for (fs::directory_iterator entry(target.parent_path(), code), end; !code && entry != end; entry.increment(code)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(prefix) && isGone(std::string_view(name).substr(prefix.size())) && !entry->is_symlink(code) &&
        entry->is_directory(code) && holdsNothingButASet(entry->path()))
      leftovers.push_back(entry->path());
  }
  for (const fs::path& each : leftovers) fs::remove_all(each, code);
}

// Mints a batch with every maker at once. Each writes the files that it makes; the text comes back in order.
std::vector<SetPart> mintBatch(std::vector<SetMaker>& makers, std::size_t begin, std::size_t end,
                               FolderInTheMaking& folder, const SetOptions& options) {
  std::vector<SetPart> parts(end - begin);
  std::atomic<std::size_t> next = begin;
  std::vector<std::future<void>> workers;
  for (SetMaker& maker : makers)
    workers.push_back(std::async(std::launch::async, [&] {
      for (std::size_t number = next++; number < end; number = next++) {
        if (options.stopped && options.stopped())
          throw Error("", "", "interrupted", "nothing is left of the set; begin again");
        SetPart part = maker.fixture(number);
        for (const SetFile& file : part.files) folder.put(file);
        part.files.clear();
        parts[number - begin] = std::move(part);
      }
    }));
  for (std::future<void>& worker : workers) worker.wait();
  for (std::future<void>& worker : workers) worker.get();
  return parts;
}

void mintInto(FolderInTheMaking& folder, const FixtureSet& set, const Mint& mint, const SetOptions& options) {
  std::vector<SetMaker> makers;
  for (unsigned i = 0; i < std::max(1U, options.threads); ++i)
    makers.emplace_back(set, mint, options.withPkcs12, options.judge);
  const auto append = [&](const SetPart& part) {
    folder.append("manifest.json", part.manifest);
    folder.append("README.md", part.readme);
  };
  const SetPart head = makers.front().head();
  append(head);
  for (const SetFile& file : head.files) folder.put(file);
  const std::size_t count = set.entries.size();
  for (std::size_t begin = 0; begin < count; begin += kBatch)
    for (const SetPart& part : mintBatch(makers, begin, std::min(begin + kBatch, count), folder, options)) append(part);
  append(makers.front().tail());
}

// rename(2) takes an empty folder's place by itself; a full one steps aside first and comes back where that fails.
std::optional<Error> putInPlace(Scaffold& scaffold, const fs::path& target, bool replacing) {
  Scaffold old;
  if (replacing) {
    const fs::path aside = fmt::format("{}.old-{}", target.string(), ::getpid());
    if (::rename(target.c_str(), aside.c_str()) != 0) return failed(target, "cannot be replaced", errno);
    old.path = aside;
  }
  if (::rename(scaffold.path.c_str(), target.c_str()) != 0) {
    Error error = failed(target, "cannot be put in place", errno);
    if (replacing && ::rename(old.path.c_str(), target.c_str()) == 0) old.path.clear();
    return error;
  }
  scaffold.path.clear();
  return std::nullopt;
}

}  // namespace

void FolderInTheMaking::put(const SetFile& file) {
  const fs::path path = fs::path(path_) / file.name;
  std::error_code code;
  if (file.name.find('/') != std::string::npos) fs::create_directories(path.parent_path(), code);
  if (code) throw failed(path.parent_path(), "cannot be made", code.value());
  writeTo(path, O_EXCL, file.secret ? 0600 : 0644, file.octets);
  ++count_;
}

void FolderInTheMaking::append(const std::string& name, std::string_view text) {
  const fs::path path = fs::path(path_) / name;
  std::error_code ignored;
  if (!fs::exists(path, ignored)) ++count_;
  writeTo(path, O_APPEND, 0644, text);
}

Expected<std::size_t> writeFolder(const std::string& folder, bool force,
                                  const std::function<void(FolderInTheMaking&)>& fill) {
  std::error_code code;
  fs::path target = fs::weakly_canonical(folder, code);
  if (folder.empty() || code) return Error(folder, {}, "is no path that can be written to", "name a folder");
  if (!target.has_filename()) target = target.parent_path();

  const fs::file_status status = fs::status(target, code);
  const bool there = fs::exists(status);
  if (there && !fs::is_directory(status)) return Error(target.string(), {}, "is a file", "name a folder");
  const bool full = there && !fs::is_empty(target, code);
  if (code && there) return failed(target, "cannot be read", code.value());
  if (full && !force)
    return Error(target.string(), {}, "is not empty", "name another folder, or give --force to replace an earlier set");
  if (full)
    if (const auto error = refuseToReplace(target)) return *error;

  fs::create_directories(target.parent_path(), code);
  removeLeftovers(target, "new");
  Scaffold scaffold;
  const fs::path beside = fmt::format("{}.new-{}", target.string(), ::getpid());
  if (::mkdir(beside.c_str(), 0777) != 0) return failed(beside, "cannot be made", errno);
  scaffold.path = beside;
  FolderInTheMaking making(beside.string());
  try {
    fill(making);
  } catch (const Error& error) {
    return error;
  }
  if (const auto error = putInPlace(scaffold, target, full)) return *error;
  removeLeftovers(target, "old");
  return making.fileCount();
}

Expected<std::size_t> writeSet(const std::string& folder, const FixtureSet& set, const Mint& mint,
                               const SetOptions& options) {
  if (auto fault = faultOfIds(set)) return *fault;
  return writeFolder(folder, options.force, [&](FolderInTheMaking& making) { mintInto(making, set, mint, options); });
}

}  // namespace relayproof::certs
